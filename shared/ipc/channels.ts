/** Channel names of the contract's calls and events, apart from it so that the preload script does not carry zod. */
export function callChannel(name: string): `call:${string}` {
  return `call:${name}`
}

export function eventChannel(name: string): `event:${string}` {
  return `event:${name}`
}
