import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { docs } from './docs/docs-plugin.ts'

export default defineConfig({
  plugins: [react(), docs()],
  // The content security policy allows no data: scripts, nor inline ones.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 600,
  },
})
