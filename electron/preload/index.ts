import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron'
import { callChannel, eventChannel } from '../../shared/ipc/channels'
import type { AppEvents, Bridge, CallInput, CallName, CallOutput, EventName, Reply } from '../../shared/ipc/contract'

// The prefixes of the channels keep the page to the contract: main answers exactly the contract's calls behind `call:` and
// sends only its events behind `event:`, and no other channel can be named from here.
const bridge: Bridge = {
  call<Name extends CallName>(name: Name, input: CallInput<Name>) {
    return ipcRenderer.invoke(callChannel(name), input) as Promise<Reply<CallOutput<Name>>>
  },
  on<Name extends EventName>(name: Name, listener: (payload: AppEvents[Name]) => void) {
    function receive(_event: IpcRendererEvent, payload: AppEvents[Name]): void {
      listener(payload)
    }
    ipcRenderer.on(eventChannel(name), receive)
    return () => void ipcRenderer.removeListener(eventChannel(name), receive)
  },
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
}

contextBridge.exposeInMainWorld('convscope', bridge)
