/** Why a command is refused. Per command, which is given where several apply is the order of domain checks. */
export type Rejection =
  | 'authorization_unknown'
  | 'authorization_exists_with_different_terms'
  | 'authorization_voided'
  | 'authorization_expired'
  | 'authorization_closed'
  | 'authorization_has_captures'
  | 'amount_below_held'
  | 'capture_unknown'
  | 'capture_exists_with_different_terms'
  | 'currency_differs'
  | 'capture_method_automatic'
  | 'multiple_captures_not_enabled'
  | 'final_capture_exists'
  | 'too_many_captures'
  | 'amount_exceeds_capturable'
  | 'capture_not_stuck'
  | 'capture_canceled'
  | 'capture_not_cancelable'
  | 'cancel_in_flight'
  | 'capture_not_succeeded'
  | 'refund_exists_with_different_terms'
  | 'amount_exceeds_refund_balance'
  | 'refund_unknown'
  | 'refund_not_voidable'
  | 'refund_not_stuck';

/** Refusals that leave no trace: once true they stay true, so the answer is the same for ever without one. */
export type UnrecordedRejection = 'command_id_reused' | 'history_full';
