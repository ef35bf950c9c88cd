import { flushPromises, type DOMWrapper, type VueWrapper } from '@vue/test-utils'

// What tests of the view read and press.

export function grid(wrapper: VueWrapper, label: string): DOMWrapper<Element> {
  return wrapper.find(`[role=grid][aria-label="${label}"]`)
}
export function numbers(wrapper: VueWrapper, label: string): string[] {
  return grid(wrapper, label)
    .findAll('[role=gridcell]')
    .map((cell) => cell.text())
}
export function cell(wrapper: VueWrapper, label: string, row: number, column: number): DOMWrapper<Element> {
  return grid(wrapper, label).find(`[data-row="${row}"][data-column="${column}"]`)
}
export async function press(wrapper: VueWrapper, label: string): Promise<void> {
  const found = wrapper.findAll('button').find((one) => one.attributes('aria-label') === label || one.text() === label)
  if (!found) throw new Error(`there is no button ${label}`)
  await found.trigger('click')
  await flushPromises()
}
export async function edit(wrapper: VueWrapper, at: DOMWrapper<Element>, text: string): Promise<void> {
  await at.trigger('dblclick')
  await flushPromises()
  const input = wrapper.find('[role=gridcell] input')
  await input.setValue(text)
  await input.trigger('keydown', { key: 'Enter' })
  await flushPromises()
}
