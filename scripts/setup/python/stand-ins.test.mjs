import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Progress } from '../progress.mjs'
import { findCommand, run } from '../run.mjs'
import { parseLinks, writeStandIns } from './stand-ins.mjs'

test('what readelf says about other libraries', () => {
  const output = `
 0x0000000000000001 (NEEDED)             Shared library: [libcublas.so.13]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
     3: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND cublasCreate_v2@libcublas.so.13 (2)
     4: 0000000000000000     0 OBJECT  GLOBAL DEFAULT  UND nvshmem_state@NVSHMEM (3)
     5: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND ncclSend
     6: 0000000000000000     0 NOTYPE  WEAK   DEFAULT  UND nvshmem_init
     7: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND malloc@GLIBC_2.2.5 (4)
     8: 0000000000001120    24 FUNC    GLOBAL DEFAULT   12 cudaHelper
  000000: Version: 1  File: libcublas.so.13  Cnt: 1
  0x0010:   Name: libcublas.so.13  Flags: none  Version: 2
  0x0020: Version: 1  File: libnvshmem_host.so.3  Cnt: 1
  0x0030:   Name: NVSHMEM  Flags: none  Version: 3
  0x0040: Version: 1  File: libc.so.6  Cnt: 1
  0x0050:   Name: GLIBC_2.2.5  Flags: none  Version: 4
`
  expect(parseLinks(output)).toEqual({
    needed: ['libcublas.so.13', 'libc.so.6'],
    owners: new Map([
      ['libcublas.so.13', 'libcublas.so.13'],
      ['NVSHMEM', 'libnvshmem_host.so.3'],
    ]),
    symbols: [
      { name: 'cublasCreate_v2', version: 'libcublas.so.13', isData: false },
      { name: 'nvshmem_state', version: 'NVSHMEM', isData: true },
      { name: 'ncclSend', version: '', isData: false },
    ],
  })
})

const hasTools = process.platform === 'linux' && ['g++', 'readelf'].every((name) => findCommand(name))

describe.skipIf(!hasTools)('a program whose CUDA libraries are not there', { timeout: 60_000 }, () => {
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'convscope-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** @param {string} name @param {string} source @param {readonly string[]} args */
  async function compile(name, source, args) {
    writeFileSync(join(folder, 'source.c'), source)
    await run('g++', ['-x', 'c', 'source.c', '-x', 'none', '-fPIC', '-Wl,-rpath,$ORIGIN', '-o', name, ...args], {
      cwd: folder,
    })
  }

  test('starts with stand-ins, and hears from them that there is no device', async () => {
    writeFileSync(join(folder, 'map'), 'libcudart.so.13 { global: *; };')
    const cuda =
      'int cudaCount(void) { return 0; } char cuda_data[8]; const char *cudaGetErrorString(int i) { return "real"; }'
    await compile('libcudart.so.13', cuda, ['-shared', '-Wl,-soname,libcudart.so.13', '-Wl,--version-script,map'])
    await compile('libnccl.so.2', 'int ncclSend(void) { return 0; }', ['-shared', '-Wl,-soname,libnccl.so.2'])
    const program = `
      #include <stdio.h>
      int cudaCount(void); int ncclSend(void); const char *cudaGetErrorString(int); extern char cuda_data[8];
      int use(void) {
        cuda_data[7] = 1;
        return printf("%d %d %s\\n", cudaCount(), ncclSend(), cudaGetErrorString(100));
      }`
    await compile('libuser.so', program, ['-shared', 'libcudart.so.13', 'libnccl.so.2'])
    await compile('main', 'int use(void); int main(void) { use(); return 0; }', ['libuser.so'])
    const main = join(folder, 'main')
    expect(await run(main, [])).toBe('0 0 real\n')

    for (const name of ['libcudart.so.13', 'libnccl.so.2']) rmSync(join(folder, name))
    await expect(run(main, [])).rejects.toThrow(/libcudart\.so\.13/)
    const files = readdirSync(folder)
    await writeStandIns(folder, new Progress(/** @type {any} */ ({ write: () => true })))
    expect(await run(main, [], { env: { LD_BIND_NOW: '1' } })).toBe('100 100 PyTorch was installed without CUDA\n')
    expect(readdirSync(folder)).toEqual([...files, 'libcudart.so.13', 'libnccl.so.2'].sort())
  })
})
