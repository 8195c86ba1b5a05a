import openim = require('openim-web');

export const text: openim.MessageType = openim.MessageType.TextMessage;
export const sdk: openim.SDK = openim.getSDK();
