import { useSignal } from '@preact/signals';
import { control } from '../state/commands.ts';
import { isTokenWrong, keepToken } from '../state/token.ts';

/** Says why no command or query can be sent, and asks for the token. Hidden while they are on. */
export function ControlNotice() {
  if (control.value === 'off')
    return (
      <p class="notice quiet">
        Commands and queries are off: you can watch this shop, not drive it. Its operator can set SHOP_CONTROL or
        SHOP_CONTROL_TOKEN in .env.
      </p>
    );
  return control.value === 'ask' ? <TokenForm /> : null;
}

function TokenForm() {
  const typed = useSignal('');
  return (
    <form
      class="card token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.value !== '') keepToken(typed.value);
      }}
    >
      <label for="control-token">
        This shop takes commands and queries from those who know its token (SHOP_CONTROL_TOKEN).
      </label>
      <input
        id="control-token"
        type="password"
        autocomplete="off"
        maxLength={200}
        onInput={({ currentTarget: { value } }) => {
          typed.value = value;
        }}
      />
      <button type="submit" class="button">
        Use this token
      </button>
      {isTokenWrong.value && <p role="alert">The server refused that token.</p>}
    </form>
  );
}
