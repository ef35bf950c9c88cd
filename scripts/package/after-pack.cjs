// What electron-builder leaves to us: TensorFlow's libraries, set-up's loader, and the fuses.
'use strict'
const fs = require('node:fs')
const path = require('node:path')

/** @param {import('electron-builder').AfterPackContext} context */
exports.default = async function afterPack(context) {
  const { appOutDir, packager, electronPlatformName } = context
  const resources = packager.getResourcesDir(appOutDir)
  // Set-up's loader opens any app; in a package it would come before ours.
  fs.rmSync(path.join(resources, 'app'), { recursive: true, force: true })
  placeLibraries(packager.projectDir, path.join(resources, 'app.asar.unpacked'))
  await setFuses(programPath(appOutDir, packager, electronPlatformName), electronPlatformName)
}

/**
 * Real files in place of links out of the project; hard links where the disk allows, since they have 850 MB.
 * @param {string} project
 * @param {string} unpacked
 */
function placeLibraries(project, unpacked) {
  const below = path.join('node_modules', '@tensorflow', 'tfjs-node', 'deps', 'lib')
  const from = path.join(project, below)
  if (!fs.existsSync(from)) return
  const to = path.join(unpacked, below)
  fs.mkdirSync(to, { recursive: true })
  for (const name of fs.readdirSync(from)) {
    const source = path.join(from, name)
    const target = path.join(to, name)
    const link = fs.lstatSync(source).isSymbolicLink() ? fs.readlinkSync(source) : null
    // The name without a number is for the linker only.
    if (link !== null && !path.isAbsolute(link)) continue
    placeFile(fs.realpathSync(source), target)
  }
}

/** @param {string} source @param {string} target */
function placeFile(source, target) {
  fs.rmSync(target, { force: true })
  try {
    fs.linkSync(source, target)
  } catch {
    fs.copyFileSync(source, target, fs.constants.COPYFILE_FICLONE)
  }
}

/** @param {string} folder @param {any} packager @param {string} platform */
function programPath(folder, packager, platform) {
  const { productFilename } = packager.appInfo
  if (platform === 'darwin') return path.join(folder, `${productFilename}.app`)
  if (platform === 'win32') return path.join(folder, `${productFilename}.exe`)
  return path.join(folder, packager.executableName)
}

/**
 * Nothing that turns the app into something else is left on. Playwright needs the inspector: CONVSCOPE_INSPECT=1 makes
 * a package for the end-to-end tests.
 * @param {string} program
 * @param {string} platform
 */
async function setFuses(program, platform) {
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses')
  await flipFuses(program, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: platform === 'darwin',
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: process.env.CONVSCOPE_INSPECT === '1',
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: platform !== 'linux',
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  })
}
