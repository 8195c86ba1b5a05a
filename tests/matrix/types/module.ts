import { getSDK, CbEvents, MessageType, type OpenIMError } from 'openim-web';
import { getSDK as inlined } from 'openim-web/inline';
import type { ConversationItem } from 'openim-web/lib/types/entity';

const sdk = getSDK();
sdk.on(CbEvents.OnRecvNewMessages, ({ data }) => data.map((message) => message.contentType === MessageType.TextMessage));
export const conversations: Promise<ConversationItem[]> = sdk.getAllConversationList().then(({ data }) => data);
export const code = (error: OpenIMError): number => error.errCode;
export const same: typeof inlined = getSDK;
// @ts-expect-error: a user ID is a text
void sdk.getUsersInfo([7]);
