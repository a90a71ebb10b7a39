namespace Vitrine.Experiences.Geography;

/// <summary>The geography file cannot be used; the message says why and what to do.</summary>
public sealed class GeographyException(string message, Exception? cause) : Exception(message, cause);
