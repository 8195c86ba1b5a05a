// Pictures, sounds and videos by address.
import type { PictureElem, SoundElem, VideoElem } from 'openim-web';
import { useState } from 'react';

import { Icon } from '../ui/Icon';

const WIDTH_MAX = 300;
const HEIGHT_MAX = 320;

/** Addresses a message may make the page load or open. */
function isSafe(url: string | undefined): url is string {
  return /^(https?:|data:(image|audio|video)\/|blob:)/i.test(url ?? '');
}

export function Picture({ elem }: { elem: PictureElem }) {
  const [broken, setBroken] = useState<string[]>([]);
  // Of some pictures (SVG) the server makes no small version: then the next larger one is shown.
  const shown = [elem.snapshotPicture, elem.bigPicture, elem.sourcePicture].find(
    (one) => isSafe(one?.url) && !broken.includes(one.url),
  );
  const full = [elem.sourcePicture, elem.bigPicture].find((one) => /^https?:/i.test(one?.url ?? ''));
  if (!shown) {
    return (
      <p className="missing">
        <Icon name="image" /> The image cannot be loaded
      </p>
    );
  }
  // The size is set before the image is there, so that nothing jumps.
  // Small versions are made by the server, and carry the size they have at most.
  const sized = elem.sourcePicture?.width ? elem.sourcePicture : shown;
  const [width, height] = [sized.width || 240, sized.height || 180];
  const scale = Math.min(1, WIDTH_MAX / width, HEIGHT_MAX / height);
  const image = (
    <img
      className="picture"
      src={shown.url}
      alt="Image"
      width={Math.round(width * scale)}
      height={Math.round(height * scale)}
      onError={() => setBroken((before) => [...before, shown.url])}
    />
  );
  if (!full) return image;
  return (
    <a href={full.url} target="_blank" rel="noreferrer noopener" aria-label="Open the image in full size">
      {image}
    </a>
  );
}

export function Sound({ elem }: { elem: SoundElem }) {
  return (
    <div className="media">
      <span className="media-label">
        <Icon name="sound" size={18} /> Voice message, {elem.duration} s
      </span>
      {isSafe(elem.sourceUrl) && <audio controls preload="none" src={elem.sourceUrl} />}
    </div>
  );
}

export function Video({ elem }: { elem: VideoElem }) {
  const poster = isSafe(elem.snapshotUrl) ? elem.snapshotUrl : undefined;
  return (
    <div className="media">
      {isSafe(elem.videoUrl) && <video controls preload="none" poster={poster} src={elem.videoUrl} />}
      <span className="media-label">
        <Icon name="video" size={18} /> Video, {elem.duration} s
      </span>
    </div>
  );
}
