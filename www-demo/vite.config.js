import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `files.json` names every built file, so that the page can keep those that it has not loaded yet. */
const listFiles = {
  name: 'list-files',
  generateBundle: {
    // When the others have added theirs.
    order: 'post',
    handler(_, bundle) {
      const names = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
      this.emitFile({ type: 'asset', fileName: 'files.json', source: JSON.stringify(names) });
    },
  },
};

// Relative addresses: the built files work in any folder of any server.
export default defineConfig({
  base: './',
  plugins: [react(), listFiles],
  build: { target: 'es2022', assetsInlineLimit: 0 },
});
