import { type ComponentProps, useId } from "react";

import { DownIcon } from "@/components/icons";

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
      <div className="relative">
        <select id={id} className={`${inputClass} h-11 appearance-none pr-9`} {...select}>
          {options.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <span className="pointer-events-none absolute inset-y-0 right-3 grid content-center text-ink-3">
          <DownIcon />
        </span>
      </div>
    </div>
  );
}
