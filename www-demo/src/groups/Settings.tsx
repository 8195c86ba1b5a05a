// What owner and administrators set of a group.
import { AllowType, GroupStatus, GroupVerificationType, type GroupItem } from 'openim-web';
import type { FormEvent } from 'react';

import { useSession } from '../session/context';
import { changeGroup, muteGroup } from './groups';

const VERIFICATION: [value: GroupVerificationType, label: string][] = [
  [GroupVerificationType.ApplyNeedInviteNot, 'Requests need an answer'],
  [GroupVerificationType.AllNeed, 'Requests and invitations need one'],
  [GroupVerificationType.AllNot, 'Anybody can join'],
];

export function Settings({ group }: { group: GroupItem }) {
  const session = useSession();
  const { groupID, groupName, notification, introduction, status, needVerification, lookMemberInfo, applyMemberFriend } = group;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name)).trim();
    const wanted = { groupName: value('groupName'), notification: value('notification'), introduction: value('introduction') };
    // The others see a message for what changes.
    const changed = Object.entries(wanted).filter(([name, now]) => group[name as keyof typeof wanted] !== now);
    if (changed.length > 0) void changeGroup(session, groupID, Object.fromEntries(changed));
  };
  const allow = (isAllowed: boolean) => (isAllowed ? AllowType.Allowed : AllowType.NotAllowed);
  return (
    <section className="settings" aria-label="Settings">
      <h3>Settings</h3>
      <form key={[groupName, notification, introduction].join('\n')} className="fields" onSubmit={submit}>
        <label>
          Name
          <input name="groupName" required defaultValue={groupName} autoComplete="off" data-testid="set-name" />
        </label>
        <label>
          Announcement
          <textarea name="notification" rows={2} defaultValue={notification} data-testid="set-announcement" />
        </label>
        <label>
          Introduction
          <textarea name="introduction" rows={2} defaultValue={introduction} data-testid="set-introduction" />
        </label>
        <button type="submit" className="quiet" data-testid="set-save">
          Save
        </button>
      </form>
      <div className="fields">
        <label>
          Joining
          <select
            value={needVerification}
            onChange={(event) => void changeGroup(session, groupID, { needVerification: Number(event.target.value) })}
            data-testid="set-verification"
          >
            {VERIFICATION.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Switch
          label="Mute everybody but owner and administrators"
          isOn={status === GroupStatus.Muted}
          onChange={(isOn) => void muteGroup(session, groupID, isOn)}
          testid="set-mute"
        />
        <Switch
          label="Members may look at each other"
          isOn={lookMemberInfo === AllowType.Allowed}
          onChange={(isOn) => void changeGroup(session, groupID, { lookMemberInfo: allow(isOn) })}
        />
        <Switch
          label="Members may become friends"
          isOn={applyMemberFriend === AllowType.Allowed}
          onChange={(isOn) => void changeGroup(session, groupID, { applyMemberFriend: allow(isOn) })}
        />
      </div>
    </section>
  );
}

interface SwitchProps {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  testid?: string;
}

function Switch({ label, isOn, onChange, testid }: SwitchProps) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        data-testid={testid}
      />
      {label}
    </label>
  );
}
