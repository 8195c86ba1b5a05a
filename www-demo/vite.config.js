import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Relative addresses: the built files work in any folder of any server.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { target: 'es2022', assetsInlineLimit: 0 },
});
