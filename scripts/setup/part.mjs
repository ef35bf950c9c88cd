/**
 * One thing that the app needs on this machine.
 * @typedef {object} Part
 * @property {string} id as in `--only=id`
 * @property {string} title
 * @property {string} purpose what it is needed for, where that is not everything; '' otherwise
 * @property {() => Promise<Status>} check fast, and changes nothing
 * @property {(progress: import('./progress.mjs').Progress) => Promise<void>} install
 */

/**
 * @typedef {object} Status
 * @property {boolean} present
 * @property {string} version '' where it has none
 * @property {string} from official, npm, PyPI, Debian or system; '' while it is missing
 * @property {string} path
 */

/** @type {Status} */
export const missing = { present: false, version: '', from: '', path: '' }
