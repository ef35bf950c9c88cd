import './zod-setup'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/lists.css'
import './styles/menu.css'
import App from './App.vue'
import { useToasts } from './stores/toasts'

const app = createApp(App).use(createPinia())

app.config.errorHandler = (error) => {
  console.error(error)
  useToasts().report(error)
}
window.addEventListener('unhandledrejection', (event) => {
  useToasts().report(event.reason)
})

app.mount('#app')
