/** Something that set-up could not do: what happened, and what the user can do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message what happened
   * @param {string} advice what to do
   */
  constructor(message, advice) {
    super(message)
    this.name = 'SetupError'
    this.advice = advice
  }
}
