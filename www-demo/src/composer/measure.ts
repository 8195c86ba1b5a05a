// What a browser finds out about pictures, sounds and videos.

/** Longer than this no file is waited for, milliseconds. */
const WAIT_MS = 10_000;
/** A still is taken here: the very first frame is often black. Seconds. */
const STILL_AT = 0.1;

/** Width and height of an image, pixels. */
export async function sizeOf(url: string): Promise<{ width: number; height: number }> {
  const image = new Image();
  await loaded(image, 'load', () => (image.src = url));
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/** Seconds a sound lasts. */
export async function lengthOf(url: string): Promise<number> {
  const sound = new Audio();
  sound.preload = 'metadata';
  await loaded(sound, 'loadedmetadata', () => (sound.src = url));
  return seconds(sound);
}

/** How long a video is, and a picture of its beginning. */
export async function stillOf(url: string) {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  await loaded(video, 'loadeddata', () => (video.src = url));
  await loaded(video, 'seeked', () => (video.currentTime = STILL_AT));
  const { videoWidth: width, videoHeight: height } = video;
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.8));
  if (!picture) throw new Error('the video cannot be shown');
  return { width, height, picture, duration: seconds(video) };
}

// A recording without an index has no length.
const seconds = ({ duration }: HTMLMediaElement) => (Number.isFinite(duration) ? duration : 0);

function loaded(element: HTMLElement, event: string, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it takes too long')), WAIT_MS);
    element.addEventListener(event, () => resolve(clearTimeout(timer)), { once: true });
    element.addEventListener('error', () => reject(new Error('it cannot be shown')), { once: true });
    begin();
  });
}
