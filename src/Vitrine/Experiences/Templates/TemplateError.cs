namespace Vitrine.Experiences.Templates;

/// <summary>Something wrong with a payload variable, found before it is ever rendered.</summary>
/// <param name="Path">JSON pointer from the variable's object, such as <c>/value/items/0/title</c> or <c>/fallback/use</c>.</param>
/// <param name="Line">The line within the template, from 1; 0 when the value as a whole is meant.</param>
/// <param name="Column">The column in characters, from 1; 0 when the value as a whole is meant.</param>
/// <param name="Reason">What is wrong and what would be right, as one sentence.</param>
public readonly record struct TemplateError(string Path, int Line, int Column, string Reason);

/// <summary>Why a template could not be rendered for somebody; the message is one sentence.</summary>
internal sealed class TemplateFailureException(string message) : Exception(message);
