namespace Vitrine.Reports.Pages;

/// <summary>A question is to be answered from the events: it is beyond what pages can hold, or too few are there yet.</summary>
internal sealed class WithoutPagesException : Exception;
