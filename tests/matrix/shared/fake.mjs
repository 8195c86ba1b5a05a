// A client for tests of hooks and composables: what it holds is set by the test.
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', pretendToBeVisual: true });
for (const name of ['navigator', 'document', 'HTMLElement', 'Element', 'Node', 'SVGElement', 'MutationObserver', 'ShadowRoot']) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
globalThis.window = window;
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

export class FakeSDK {
  held = { conversations: [], messages: [], unread: 0 };
  listeners = new Map();
  loggedIn = true;

  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }

  off(event, listener) {
    const list = [...(this.listeners.get(event) ?? [])];
    const at = list.indexOf(listener);
    if (at >= 0) list.splice(at, 1);
    this.listeners.set(event, list);
    return this;
  }

  tell(event, data) {
    for (const listener of this.listeners.get(event) ?? []) listener({ event, data });
  }

  count(event) {
    return (this.listeners.get(event) ?? []).length;
  }

  async answer(data) {
    if (!this.loggedIn) throw { errCode: 10009, errMsg: 'SDKNotLoginError' };
    return { data: structuredClone(data) };
  }

  getAllConversationList() { return this.answer(this.held.conversations); }
  getTotalUnreadMsgCount() { return this.answer(this.held.unread); }
  createTextMessage(text) { return this.answer({ clientMsgID: text }); }
  getAdvancedHistoryMessageList({ count }) {
    const all = this.held.messages;
    return this.answer({ messageList: all.slice(-count), isEnd: all.length <= count, errCode: 0 });
  }

  async sendMessage({ recvID, message }) {
    if (recvID === 'nobody') throw { errCode: 1004, errMsg: 'RecordNotFoundError' };
    return { data: { ...message, recvID, status: 2 } };
  }
}

export const messages = (count) => Array.from({ length: count }, (_, n) => ({ clientMsgID: `m${n}`, status: 2 }));
