namespace Vitrine.Experiences.Conditions;

/// <summary>What is wrong in a condition, and where.</summary>
/// <param name="Path">The JSON pointer (RFC 6901) within the condition; empty when the condition as a whole is meant.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
public readonly record struct ConditionError(string Path, string Reason);
