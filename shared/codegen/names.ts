/** https://docs.python.org/3/reference/lexical_analysis.html#keywords, hard and soft, with the constants. */
const keywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield _ case match type'
  ).split(' '),
)

/** What torch.nn.Module has itself: a submodule of the same name would hide it, or be refused. */
const moduleAttributes = new Set(
  (
    'T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval ' +
    'extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia ' +
    'named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer ' +
    'register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook ' +
    'register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter ' +
    'register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory ' +
    'state_dict to to_empty train training type xpu zero_grad'
  ).split(' '),
)

/**
 * How a PyTorch program reaches the layer's module. The name in `state_dict` is the layer's id in every case, also where
 * an attribute cannot have it.
 */
export function moduleAttribute(id: string): string {
  const reserved = keywords.has(id) || moduleAttributes.has(id) || id.startsWith('_')
  return reserved ? `self._modules[${JSON.stringify(id)}]` : `self.${id}`
}

/** Gives out names of variables, each once; those in `taken` belong to the program around them. */
export function variableNames(taken: readonly string[]): (wanted: string) => string {
  const used = new Set(taken)
  return (wanted) => {
    let name = wanted
    while (used.has(name) || keywords.has(name)) name += '_'
    used.add(name)
    return name
  }
}

/** `reference cnn-2` becomes `ReferenceCnn2`; `fallback` where no letter is left, or Python has the name already. */
export function className(name: string, fallback: string): string {
  const words = name.match(/[A-Za-z0-9]+/g) ?? []
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]/.test(joined) && !keywords.has(joined) ? joined.slice(0, 64) : fallback
}

/** A network's name, safe inside of three double quotes. */
export function docstring(name: string): string {
  return name.replaceAll(/["\\\n\r]/g, "'")
}
