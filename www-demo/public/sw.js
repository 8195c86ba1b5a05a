// Lets the page itself open without network. What it shows then comes from the SDK's own store.
const CACHE = 'openim-demo';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else event.respondWith(file(request));
});

/** The newest page the network has, else the stored one whatever its query. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const stored = await caches.match('./', { cacheName: CACHE });
    if (stored) return stored;
    throw error;
  }
}

/** Built files have their content's hash in their name, so a stored one is never stale. */
async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}
