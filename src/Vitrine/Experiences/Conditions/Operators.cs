namespace Vitrine.Experiences.Conditions;

/// <summary>What a leaf can ask of a value. The negated operators are these, turned around.</summary>
[Flags]
internal enum Operators
{
    None = 0,
    Equal = 1 << 0,
    In = 1 << 1,
    Contains = 1 << 2,
    StartsWith = 1 << 3,
    EndsWith = 1 << 4,
    Matches = 1 << 5,
    Exists = 1 << 6,
    Greater = 1 << 7,
    GreaterOrEqual = 1 << 8,
    Less = 1 << 9,
    LessOrEqual = 1 << 10,
    Between = 1 << 11,
    Before = 1 << 12,
    After = 1 << 13,
    WithinLastDays = 1 << 14,
    WithinNextDays = 1 << 15,
    NewerVersion = 1 << 16,
    NewerOrEqualVersion = 1 << 17,
    OlderVersion = 1 << 18,
    OlderOrEqualVersion = 1 << 19,
    EqualVersion = 1 << 20,

    Order = Greater | GreaterOrEqual | Less | LessOrEqual,
    Text = Equal | In | Contains | StartsWith | EndsWith | Matches,
    TextOrExistence = Text | Exists,
    Count = Exists | Equal | Order | Between,
    All = (1 << 21) - 1,
}
