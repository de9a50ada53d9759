import { type ComponentProps, useId } from "react";

/** The look of what can be filled in. */
export const inputClass =
  "w-full rounded-md border border-edge bg-panel px-3 text-ink placeholder:text-ink-3 aria-invalid:border-stop " +
  "focus-visible:border-accent focus-visible:outline-offset-0";

interface FieldProps extends Omit<ComponentProps<"input">, "id" | "className" | "aria-describedby" | "aria-invalid"> {
  label: string;
  hint?: string;
  error?: string | undefined;
}

/** A labelled input; its hint and its error are read with it. */
export function Field({ label, hint, error, ...input }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint && hintId, error && errorId].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        className={`${inputClass} h-11`}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        {...input}
      />
      {hint && !error && (
        <p id={hintId} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={errorId} className="text-sm text-stop">
          {error}
        </p>
      )}
    </div>
  );
}
