// Keeps the page's own files, so that it opens without network.

const CACHE = 'openim-demo';

/** Starts the service worker and stores what this page was loaded from. Does nothing where that is not allowed. */
export async function keepOffline(): Promise<void> {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return;
  try {
    await navigator.serviceWorker.register('./sw.js');
    await navigator.serviceWorker.ready;
    const page = new URL('./', location.href);
    const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name));
    const files = loaded.filter((url) => url.origin === page.origin && url.pathname.includes('/assets/'));
    const wanted = new Set([page.href, new URL('./icon.svg', page).href, ...files.map((url) => url.href)]);
    const cache = await caches.open(CACHE);
    await cache.addAll([...wanted]);
    const stored = await cache.keys();
    await Promise.all(stored.filter((request) => !wanted.has(request.url)).map((request) => cache.delete(request)));
    document.documentElement.dataset.offline = 'ready';
  } catch {
    // Offline already, or storage is forbidden: what is stored stays as it is.
  }
}
