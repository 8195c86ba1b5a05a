// Notifications that stand between messages, in words.
import type { MessageItem } from 'openim-web';

interface Person {
  userID?: string;
  nickname?: string;
}

/** Parts of the tips that are used here. */
interface Tips {
  opUser?: Person;
  entrantUser?: Person;
  quitUser?: Person;
  mutedUser?: Person;
  newGroupOwner?: Person;
  inviterUser?: Person;
  kickedUserList?: Person[];
  invitedUserList?: Person[];
  group?: { groupName?: string; notification?: string };
  isPrivate?: boolean;
  revokerID?: string;
  revokerNickname?: string;
  sourceMessageSendID?: string;
  sourceMessageSenderNickname?: string;
}

/** The words for a notification; `null` for what is no notification known here. */
export function noticeText(message: MessageItem, me: string): string | null {
  const tips = parsed(message);
  const name = (person?: Person) => (person?.userID === me ? 'You' : person?.nickname || person?.userID || 'Somebody');
  const whom = (person?: Person) => (person?.userID === me ? 'you' : name(person));
  const names = (people?: Person[]) => people?.map(whom).join(', ') || 'somebody';
  const by = name(tips.opUser);
  switch (message.contentType as number) {
    case 1201:
      return 'You are friends now. Say hello!';
    case 1501:
      return `${by} created the group`;
    case 1502:
      return `${by} changed the group’s details`;
    case 1504:
      return `${name(tips.quitUser)} left the group`;
    case 1507:
      return `${name(tips.newGroupOwner)} ${tips.newGroupOwner?.userID === me ? 'own' : 'owns'} the group now`;
    case 1508:
      return `${by} removed ${names(tips.kickedUserList)}`;
    case 1509:
      return `${name(tips.inviterUser ?? tips.opUser)} invited ${names(tips.invitedUserList)}`;
    case 1510:
      return `${name(tips.entrantUser)} joined the group`;
    case 1511:
      return `${by} dismissed the group`;
    case 1512:
      return `${by} muted ${whom(tips.mutedUser)}`;
    case 1513:
      return `${by} unmuted ${whom(tips.mutedUser)}`;
    case 1514:
      return `${by} muted the group`;
    case 1515:
      return `${by} unmuted the group`;
    case 1519:
      return tips.group?.notification ? `${by} announced: ${tips.group.notification}` : `${by} removed the announcement`;
    case 1520:
      return `${by} named the group “${tips.group?.groupName ?? ''}”`;
    case 1701:
      return tips.isPrivate ? 'Messages disappear after reading now' : 'Messages stay from now on';
    case 2101:
      return revokeText(tips, me);
    default:
      return null;
  }
}

function parsed(message: MessageItem): Tips {
  try {
    return (JSON.parse(message.notificationElem?.detail || '{}') ?? {}) as Tips;
  } catch {
    return {};
  }
}

function revokeText(tips: Tips, me: string): string {
  const by = tips.revokerID === me ? 'You' : tips.revokerNickname || tips.revokerID || 'Somebody';
  if (tips.revokerID === tips.sourceMessageSendID) return `${by} took a message back`;
  const of = tips.sourceMessageSendID === me ? 'yours' : tips.sourceMessageSenderNickname || 'a member';
  return `${by} took back a message of ${of}`;
}
