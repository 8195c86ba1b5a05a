// Keeps the page's own files, so that it opens without network.

const CACHE = 'openim-demo';

/** Starts the service worker and stores every file of this build. Does nothing where that is not allowed. */
export async function keepOffline(): Promise<void> {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return;
  try {
    await navigator.serviceWorker.register('./sw.js');
    await navigator.serviceWorker.ready;
    const page = new URL('./', location.href);
    const built: string[] = await (await fetch('./files.json', { cache: 'no-cache' })).json();
    const files = new Set(built.map((file) => new URL(file, page).href));
    const cache = await caches.open(CACHE);
    const stored = new Set((await cache.keys()).map(({ url }) => url));
    // Built files have their content's hash in their name: those that are there are right.
    const missing = [...files].filter((url) => !stored.has(url));
    await cache.addAll([page.href, new URL('./icon.svg', page).href, ...missing]);
    const old = [...stored].filter((url) => url.includes('/assets/') && !files.has(url));
    await Promise.all(old.map((url) => cache.delete(url)));
    document.documentElement.dataset.offline = 'ready';
  } catch {
    // Offline already, or storage is forbidden: what is stored stays as it is.
  }
}
