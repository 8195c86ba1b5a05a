// What stands inside a bubble, by the kind of message.
import type { MessageItem } from 'openim-web';

import { ContactCard, CustomCard, FileCard, MergeCard, PlaceCard, Unsupported } from './cards';
import { Picture, Sound, Video } from './media';
import { faceOf } from './preview';
import { Quote } from './Quote';
import { AtText, Text } from './text';

export function Content({ message, me }: { message: MessageItem; me: string }) {
  const { contentType, textElem, pictureElem, soundElem, videoElem, fileElem, atTextElem, mergeElem } = message;
  const { cardElem, locationElem, customElem, quoteElem, advancedTextElem, markdownTextElem } = message;
  const kind: number = contentType;
  if (kind === 101 && textElem) return <Text text={textElem.content} />;
  if (kind === 102 && pictureElem) return <Picture elem={pictureElem} />;
  if (kind === 103 && soundElem) return <Sound elem={soundElem} />;
  if (kind === 104 && videoElem) return <Video elem={videoElem} />;
  if (kind === 105 && fileElem) return <FileCard elem={fileElem} />;
  if (kind === 106 && atTextElem) return <AtText elem={atTextElem} me={me} />;
  if (kind === 107 && mergeElem) return <MergeCard elem={mergeElem} me={me} />;
  if (kind === 108 && cardElem) return <ContactCard elem={cardElem} />;
  if (kind === 109 && locationElem) return <PlaceCard elem={locationElem} />;
  if (kind === 110 && customElem) return <CustomCard elem={customElem} />;
  if (kind === 114 && quoteElem) {
    return (
      <>
        {quoteElem.quoteMessage && <Quote message={quoteElem.quoteMessage} me={me} />}
        <Text text={quoteElem.text} />
      </>
    );
  }
  if (kind === 115 && faceOf(message)) return <span className="face">{faceOf(message)}</span>;
  if (kind === 117 && advancedTextElem) return <Text text={advancedTextElem.text} />;
  if (kind === 118 && markdownTextElem) return <Text text={markdownTextElem.content} />;
  return <Unsupported message={message} />;
}
