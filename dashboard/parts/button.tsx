import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface ButtonProps {
  readonly children: ComponentChildren;
  /** One in a view is filled: what to do first. */
  readonly first?: boolean;
  readonly small?: boolean;
  /** Goes there; else `onPress` is called. */
  readonly href?: string;
  readonly onPress?: () => void;
  /** Why it cannot be pressed. It can still be reached, and the reason stands beside it. */
  readonly lack?: string | undefined;
  /** Where there is no room, the reason is said and shown on hover only. */
  readonly hideLack?: boolean;
  readonly type?: "button" | "submit";
  readonly label?: string;
}

/** A button, or a link that looks like one. */
export function Button(props: ButtonProps): JSX.Element {
  const { children, first = false, small = false, href, onPress, lack, hideLack = false, label } = props;
  const id = useId();
  const classes = `button${first ? " first" : ""}${small ? " small" : ""}`;
  if (lack === undefined && href !== undefined) {
    return (
      <a class={classes} href={href} aria-label={label}>
        {children}
      </a>
    );
  }
  return (
    <>
      <button
        class={classes}
        type={props.type ?? "button"}
        aria-label={label}
        aria-disabled={lack === undefined ? undefined : "true"}
        aria-describedby={lack === undefined ? undefined : id}
        title={hideLack ? lack : undefined}
        onClick={(event) => {
          if (lack === undefined) onPress?.();
          else event.preventDefault();
        }}
      >
        {children}
      </button>
      {lack !== undefined && (
        <span id={id} class={hideLack ? "vh" : "button-reason"}>
          {lack}
        </span>
      )}
    </>
  );
}
