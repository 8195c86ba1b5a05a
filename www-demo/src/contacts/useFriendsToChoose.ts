import { useSessionState } from '../session/context';
import type { Person } from '../ui/Choice';
import { friendName } from './contacts';

/** Friends for a list to choose from. */
export function useFriendsToChoose(): Person[] {
  const friends = useSessionState((state) => state.contacts.friends);
  return (friends ?? [])
    .map((friend) => ({ userID: friend.userID, name: friendName(friend), faceURL: friend.faceURL }));
}
