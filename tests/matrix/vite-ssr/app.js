import { createSSRApp, h, onMounted } from 'vue';
import { createClient, CbEvents, MessageType } from 'openim-web';
import { exchange } from './exchange.js';

export const makeApp = () =>
  createSSRApp({
    setup() {
      onMounted(() => exchange({ createClient, CbEvents, MessageType }));
      return () => h('p', `Texts are of type ${MessageType.TextMessage}.`);
    },
  });
