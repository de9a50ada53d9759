import { type ComponentProps, useId } from "react";

import { inputClass } from "./field";

interface SelectFieldProps extends Omit<ComponentProps<"select">, "id" | "className"> {
  label: string;
  options: readonly { value: string; name: string }[];
}

/** A labelled choice of one. */
export function SelectField({ label, options, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select id={id} className={`${inputClass} h-11`} {...select}>
        {options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
