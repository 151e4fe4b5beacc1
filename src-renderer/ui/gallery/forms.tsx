import { Search } from 'lucide-react';
import { useState } from 'react';
import { Card } from '../card';
import { Checkbox, RadioGroup, Switch } from '../choice';
import { Combobox, MultiCombobox } from '../combobox';
import { FileDrop } from '../file-drop';
import { NumberField } from '../number-field';
import { Select } from '../select';
import { Segmented } from '../tabs';
import { TextArea, TextField } from '../text-field';

const queues = [
  { value: 'bulk', label: 'Bulk messages', hint: 'Up to 12.5 messages a second' },
  { value: 'import', label: 'Contact import' },
  { value: 'template', label: 'Template processing' },
  { value: 'email', label: 'Email notification', disabled: true },
] as const;

const tags = ['vip', 'newsletter', 'berlin', 'returned', 'trial'].map((tag) => ({ value: tag, label: tag }));
const ranges = [
  { value: '5m', label: '5 min' },
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
] as const;

export function FormsGallery() {
  const [queue, setQueue] = useState<(typeof queues)[number]['value']>('bulk');
  const [found, setFound] = useState<string | null>('import');
  const [chosen, setChosen] = useState<readonly string[]>(['vip', 'berlin']);
  const [on, setOn] = useState(true);
  const [range, setRange] = useState<(typeof ranges)[number]['value']>('1h');
  const [send, setSend] = useState<'now' | 'later'>('now');
  const [files, setFiles] = useState('');
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Card title="Text">
        <div className="grid grid-cols-2 gap-4">
          <TextField label="Campaign name" placeholder="Autumn sale" hint="Only your team sees it." />
          <TextField label="Search" labelHidden icon={Search} placeholder="Search id, name, error" />
          <TextField
            label="Phone"
            mono
            defaultValue="+49 151 1234"
            error="Six digits are missing. Example: +4915112345678."
          />
          <TextField label="Reference" optional disabled defaultValue="locked" />
          <NumberField
            label="Rate"
            defaultValue={12}
            min={1}
            max={80}
            unit="messages/s"
            hint="The guide says 12 to 13."
          />
          <NumberField label="Attempts" defaultValue={3} min={1} max={10} error="At most 10." />
          <div className="col-span-2">
            <TextArea
              label="Message"
              defaultValue={'Hello {{name}}, your order {{order_id}} is ready!'}
              footer="49 of 1,024"
            />
          </div>
        </div>
      </Card>
      <Card title="Choices">
        <div className="grid grid-cols-2 gap-4">
          <Select label="Queue" options={queues} value={queue} onValueChange={setQueue} />
          <Select
            label="Empty"
            options={queues}
            value={null}
            onValueChange={setQueue}
            placeholder="Choose a queue"
          />
          <Combobox
            label="Find a queue"
            options={queues}
            value={found}
            onValueChange={setFound}
            placeholder="Type to find"
          />
          <MultiCombobox
            label="Tags"
            options={tags}
            value={chosen}
            onValueChange={setChosen}
            placeholder="Any"
          />
          <div className="flex flex-col gap-3">
            <Checkbox
              label="Skip duplicates"
              hint="By phone number, within the file."
              checked={on}
              onCheckedChange={setOn}
            />
            <Checkbox label="Some rows" indeterminate checked={false} onCheckedChange={setOn} />
            <Checkbox label="Not available" disabled checked onCheckedChange={setOn} />
          </div>
          <div className="flex flex-col gap-3">
            <Switch
              label="Workers in this app"
              hint="They stop when the app closes."
              checked={on}
              onCheckedChange={setOn}
            />
            <Switch label="Off" checked={!on} onCheckedChange={(next) => setOn(!next)} />
            <Segmented label="Range" options={ranges} value={range} onValueChange={setRange} />
          </div>
          <div className="col-span-2">
            <RadioGroup
              label="When"
              look="cards"
              value={send}
              onValueChange={setSend}
              options={[
                { value: 'now', label: 'Send now', hint: 'Starts within a second.' },
                { value: 'later', label: 'At a time', hint: 'In the time zone of this computer.' },
              ]}
            />
          </div>
        </div>
      </Card>
      <div className="xl:col-span-2">
        <FileDrop onFiles={(given) => setFiles(given.map((file) => file.name).join(', '))} />
        <p className="mt-2 text-xs text-ink-3">{files}</p>
      </div>
    </div>
  );
}
