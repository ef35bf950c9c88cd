import { createApp } from 'vue'
import '@fontsource-variable/inter/wght.css'
import '../styles/tokens.css'
import '../styles/base.css'
import { locale, resolveLocale } from '../i18n/text'
import RecoveryProgress from './RecoveryProgress.vue'

locale.value = resolveLocale('system', new URLSearchParams(window.location.search).get('locale') ?? '')
createApp(RecoveryProgress).mount('#app')
