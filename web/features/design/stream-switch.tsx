import { useId } from "react";

interface StreamSwitchProps {
  on: boolean;
  /** Switched off for the whole site. */
  disabled: boolean;
  onChange: (on: boolean) => void;
}

/** Whether the next text comes as it is written, or in one piece. */
export function StreamSwitch({ on, disabled, onChange }: StreamSwitchProps) {
  const id = useId();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <label htmlFor={id} className={`flex items-center gap-2.5 ${disabled ? "text-ink-3" : "cursor-pointer"}`}>
        <input
          id={id}
          type="checkbox"
          role="switch"
          aria-checked={on}
          checked={on}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={`${id}-hint`}
          className="relative h-5 w-9 shrink-0 cursor-[inherit] appearance-none rounded-full border border-edge bg-sunken transition-colors before:absolute before:top-0.5 before:left-0.5 before:size-3.5 before:rounded-full before:bg-edge before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-accent-ink disabled:opacity-55"
        />
        Stream the text
      </label>
      <span id={`${id}-hint`} className="text-sm text-ink-3">
        {disabled ? "Switched off on this site." : on ? "It appears as it is written." : "It comes in one piece."}
      </span>
    </div>
  );
}
