import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import App from '../App.vue'
import { createFakeBridge, type FakeBridge } from './fake-bridge'

type Changes = Parameters<typeof createFakeBridge>[0]

/** Puts a fake main process behind the window; stores made afterwards talk to it. */
export function useFakeBridge(changes: Changes = {}): FakeBridge {
  localStorage.clear()
  setActivePinia(createPinia())
  const bridge = createFakeBridge(changes)
  Object.defineProperty(window, 'convscope', { value: bridge, configurable: true })
  return bridge
}

/** The whole window on a fake main process, loaded. */
export async function mountWindow(changes: Changes = {}): Promise<{ wrapper: VueWrapper; bridge: FakeBridge }> {
  localStorage.clear()
  const bridge = createFakeBridge(changes)
  Object.defineProperty(window, 'convscope', { value: bridge, configurable: true })
  const pinia = createPinia()
  setActivePinia(pinia)
  const wrapper = mount(App, { global: { plugins: [pinia] }, attachTo: document.body })
  await flushPromises()
  return { wrapper, bridge }
}

/** Lets promises and one frame pass. */
export async function nextFrame(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve))
  await flushPromises()
}
