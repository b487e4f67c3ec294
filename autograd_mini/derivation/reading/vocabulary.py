# ruff: noqa: RUF001  # letters that look alike are told apart here
"""The words of LaTeX mathematics: which commands are spacing, styles, relations, functions.

Lists alone; what to do with each is said elsewhere.
"""

from __future__ import annotations

__all__ = [
    "ACCENTS", "CHARACTERS", "COMMANDS", "COMPARISONS", "DROPPED", "DROPPED_WITH_ARGUMENT",
    "FUNCTIONS", "GREEK", "MATRICES", "PROSE", "SHORTHANDS", "STARRED", "STYLES", "TEXTS",
    "TRANSPARENT", "UNICODE",
]  # fmt: skip

DROPPED = frozenset(
    [r"\left", r"\right", r"\middle", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\bigl", r"\bigr",
     r"\Bigl", r"\Bigr", r"\biggl", r"\biggr", r"\Biggl", r"\Biggr", r"\bigm", r"\,", r"\:",
     r"\;", r"\!", r"\>", r"\/", r"\-", r"\tiny", r"\scriptsize", r"\footnotesize", r"\small",
     r"\normalsize", r"\large", r"\Large", r"\LARGE", r"\huge", r"\Huge", r"\displaystyle",
     r"\textstyle", r"\scriptstyle", r"\scriptscriptstyle", r"\limits", r"\nolimits",
     r"\nonumber", r"\notag", r"\centering", r"\allowbreak", r"\nobreak", r"\thinspace",
     r"\medspace", r"\thickspace", r"\negthinspace", r"\strut", r"\mathstrut", r"\bf", r"\rm",
     r"\it", r"\sf", r"\hline", r"\noindent", r"\relax", r"\par", r"\allowdisplaybreaks",
     r"\quad@", r"\hfill", r"\bfseries", r"\boldmath", r"\protect"]
)  # fmt: skip
DROPPED_WITH_ARGUMENT = {
    r"\label": 1, r"\tag": 1, r"\hspace": 1, r"\vspace": 1, r"\phantom": 1, r"\hphantom": 1,
    r"\vphantom": 1, r"\color": 1, r"\cline": 1, r"\intertext": 1, r"\mspace": 1, r"\cite": 1,
    r"\footnote": 1, r"\ref": 1, r"\eqref": 1, r"\kern": 0, r"\tag*": 1,
}  # fmt: skip
TRANSPARENT = {
    r"\boxed": 0, r"\fbox": 0, r"\mathop": 0, r"\mathrel": 0, r"\mathbin": 0, r"\mathord": 0,
    r"\textcolor": 1, r"\colorbox": 1, r"\underbrace": 0, r"\overbrace": 0, r"\cancel": 0,
    r"\smash": 0, r"\ensuremath": 0, r"\mathinner": 0, r"\mathopen": 0, r"\mathclose": 0,
    r"\underline": 0,
}  # fmt: skip
STYLES = {
    r"\mathbf": "bold", r"\boldsymbol": "bold", r"\bm": "bold", r"\pmb": "bold", r"\vec": "bold",
    r"\symbf": "bold", r"\mathbfit": "bold", r"\mathcal": "cal", r"\mathscr": "cal",
    r"\mathbb": "bb", r"\mathrm": "", r"\mathit": "", r"\mathsf": "", r"\mathtt": "",
    r"\operatorname": "", r"\operatorname*": "", r"\mathnormal": "", r"\mathfrak": "",
    r"\symup": "",
}  # fmt: skip
TEXTS = frozenset(
    [r"\text", r"\mbox", r"\textrm", r"\textit", r"\textbf", r"\textsf", r"\texttt",
     r"\textnormal", r"\hbox", r"\emph"]
)  # fmt: skip
ACCENTS = {
    r"\hat": r"\hat", r"\widehat": r"\hat", r"\bar": r"\bar", r"\overline": r"\bar",
    r"\tilde": r"\tilde", r"\widetilde": r"\tilde", r"\dot": r"\dot", r"\ddot": r"\ddot",
    r"\check": r"\check", r"\breve": r"\breve", r"\acute": r"\acute", r"\grave": r"\grave",
}  # fmt: skip
MATRICES = frozenset(
    ["matrix", "bmatrix", "pmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array",
     "cases", "dcases", "rcases"]
)  # fmt: skip
STARRED = frozenset([r"\operatorname*", r"\tag*"])

CHARACTERS = {
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "*": "TIMES", "/": "SLASH", "=": "RELATION",
    "(": "LPAR", ")": "RPAR", "[": "LPAR", "]": "RPAR", "|": "BAR", "&": "AMP", ",": "COMMA",
    ";": "COMMA", "'": "PRIME", "’": "PRIME", "<": "OTHER", ">": "OTHER", ".": "PERIOD",
    ":": "COLON", "!": "BANG", "~": "", "@": "UNKNOWN", "$": "",
}  # fmt: skip
COMMANDS = {
    r"\cdot": "TIMES", r"\times": "TIMES", r"\ast": "TIMES", r"\bullet": "TIMES",
    r"\div": "SLASH",
    r"\odot": "HADAMARD", r"\circ": "HADAMARD", r"\otimes": "OUTER",
    r"\prime": "PRIME", r"\partial": "PARTIAL", r"\nabla": "NABLA",
    r"\sum": "BIG", r"\prod": "BIG",
    r"\{": "LPAR", r"\}": "RPAR", r"\lbrace": "LPAR", r"\rbrace": "RPAR", r"\lbrack": "LPAR",
    r"\rbrack": "RPAR", r"\lvert": "LBAR", r"\rvert": "RBAR", r"\lVert": "LNORM",
    r"\rVert": "RNORM", r"\|": "NORM", r"\Vert": "NORM", r"\vert": "BAR",
    r"\langle": "LPAR", r"\rangle": "RPAR", r"\lparen": "LPAR", r"\rparen": "RPAR",
    r"\equiv": "RELATION", r"\coloneqq": "RELATION", r"\triangleq": "RELATION",
    r"\doteq": "RELATION", r"\gets": "RELATION", r"\leftarrow": "RELATION",
    r"\coloneq": "RELATION", r"\defeq": "RELATION",
    r"\neq": "OTHER", r"\ne": "OTHER", r"\le": "OTHER", r"\leq": "OTHER", r"\ge": "OTHER",
    r"\geq": "OTHER", r"\lt": "OTHER", r"\gt": "OTHER", r"\approx": "OTHER", r"\simeq": "OTHER",
    r"\sim": "OTHER", r"\propto": "OTHER", r"\in": "OTHER", r"\notin": "OTHER", r"\ll": "OTHER",
    r"\gg": "OTHER", r"\to": "OTHER", r"\rightarrow": "OTHER", r"\mapsto": "OTHER",
    r"\leqslant": "OTHER", r"\geqslant": "OTHER", r"\cong": "OTHER", r"\subset": "OTHER",
    r"\longrightarrow": "OTHER", r"\mid": "OTHER", r"\colon": "COLON",
    r"\forall": "FORALL", r"\exists": "FORALL",
    r"\implies": "IMPLIES", r"\Rightarrow": "IMPLIES", r"\Longrightarrow": "IMPLIES",
    r"\iff": "IMPLIES", r"\Leftrightarrow": "IMPLIES", r"\therefore": "IMPLIES",
    r"\Longleftrightarrow": "IMPLIES", r"\because": "IMPLIES", r"\impliedby": "IMPLIES",
    r"\quad": "QUAD", r"\qquad": "QUAD", r"\land": "TEXT", r"\wedge": "TEXT",
    r"\dots": "DOTS", r"\ldots": "DOTS", r"\cdots": "DOTS", r"\vdots": "DOTS", r"\ddots": "DOTS",
    r"\dotsc": "DOTS", r"\dotsb": "DOTS", r"\dotsm": "DOTS", r"\dotso": "DOTS",
}  # fmt: skip
SHORTHANDS = {
    r"\dfrac": (2, r"\frac{#1}{#2}"), r"\tfrac": (2, r"\frac{#1}{#2}"),
    r"\cfrac": (2, r"\frac{#1}{#2}"), r"\nicefrac": (2, r"\frac{#1}{#2}"),
    r"\pdv": (2, r"\frac{\partial #1}{\partial #2}"), r"\dv": (2, r"\frac{d #1}{d #2}"),
    r"\pderiv": (2, r"\frac{\partial #1}{\partial #2}"), r"\norm": (1, r"\left\| #1 \right\|"),
    r"\abs": (1, r"\left| #1 \right|"), r"\qty": (1, r"\left( #1 \right)"),
    r"\coloneqq": (0, ":="), r"\defeq": (0, ":="), r"\ddagger": (0, ""), r"\lnot": (0, r"\not"),
    r"\dd": (0, "d"), r"\diff": (0, "d"), r"\bmod": (0, r"\operatorname{mod}"),
}  # fmt: skip
UNICODE = {
    "∂": r"\partial ", "∇": r"\nabla ", "Σ": r"\sum ", "∑": r"\sum ", "∏": r"\prod ",
    "·": r"\cdot ", "⋅": r"\cdot ", "×": r"\times ", "⊙": r"\odot ", "∘": r"\circ ",
    "≠": r"\neq ", "≤": r"\le ", "≥": r"\ge ", "≈": r"\approx ", "∈": r"\in ", "′": "'",
    "″": "''", "…": r"\dots ", "⋯": r"\cdots ", "≡": r"\equiv ", "⇒": r"\implies ",
    "→": r"\to ", "ᵀ": "^{T}", "⊤": r"\top ", "‖": r"\|", "²": "^{2}", "³": "^{3}",
    "½": r"\frac{1}{2}", "∀": r"\forall ", "√": r"\sqrt ", "−": "-",
    "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "Δ": r"\Delta ",
    "ε": r"\varepsilon ", "η": r"\eta ", "θ": r"\theta ", "κ": r"\kappa ", "λ": r"\lambda ",
    "μ": r"\mu ", "ν": r"\nu ", "π": r"\pi ", "ρ": r"\rho ", "σ": r"\sigma ", "τ": r"\tau ",
    "φ": r"\varphi ", "ϕ": r"\phi ", "ψ": r"\psi ", "ω": r"\omega ", "ℓ": r"\ell ",
}  # fmt: skip

GREEK = frozenset(
    [r"\alpha", r"\beta", r"\gamma", r"\delta", r"\epsilon", r"\varepsilon", r"\zeta", r"\eta",
     r"\theta", r"\vartheta", r"\iota", r"\kappa", r"\lambda", r"\mu", r"\nu", r"\xi", r"\pi",
     r"\rho", r"\sigma", r"\tau", r"\upsilon", r"\phi", r"\varphi", r"\chi", r"\psi", r"\omega",
     r"\Gamma", r"\Delta", r"\Theta", r"\Lambda", r"\Xi", r"\Pi", r"\Sigma", r"\Upsilon",
     r"\Phi", r"\Psi", r"\Omega", r"\ell"]
)  # fmt: skip
PROSE = frozenset(
    ["and", "or", "if", "for", "where", "when", "with", "otherwise", "else", "so", "hence",
     "thus", "then", "since", "because", "ie", "let", "all", "each", "every", "in", "is", "are",
     "the", "to", "by", "of", "at", "we", "have", "as", "on", "set", "while", "whenever",
     "given", "from", "that", "off", "also", "but", "using", "note"]
)  # fmt: skip
"""Words that no symbol is called."""

FUNCTIONS = {
    r"\sin": "sin", r"\cos": "cos", r"\tan": "tan", r"\tanh": "tanh", r"\sinh": "sinh",
    r"\cosh": "cosh", r"\log": "log", r"\ln": "log", r"\exp": "exp", r"\arctan": "atan",
    r"\arcsin": "asin", r"\arccos": "acos", "sin": "sin", "cos": "cos", "tanh": "tanh",
    "log": "log", "ln": "log", "exp": "exp", "sigmoid": "sigmoid", "relu": "relu",
    "ReLU": "relu", "softplus": "softplus", "arctan": "atan", "sqrt": "sqrt", "sgn": "sign",
    "sech": "sech", "elu": "elu", "gelu": "gelu", "silu": "silu", "swish": "silu", "mish": "mish",
    "sinh": "sinh", "cosh": "cosh", "atan": "atan", "arcsin": "asin", "arccos": "acos",
    "sign": "sign", "logit": "logit", "step": "step", "erf": "erf",
}  # fmt: skip
"""Functions that are known without a notation, by the name of the operation."""

COMPARISONS = {
    "=": "=", "\\neq": "≠", "\\ne": "≠", "<": "<", ">": ">", "\\le": "≤", "\\leq": "≤",
    "\\ge": "≥", "\\geq": "≥", "\\lt": "<", "\\gt": ">", "\\equiv": "=", "\\leqslant": "≤",
    "\\geqslant": "≥",
}  # fmt: skip
"""The signs of conditions, and what each says."""
