using Vitrine.Experiences.Geography;

namespace Vitrine.Decisions;

/// <summary>Tells where addresses are, when there is a file that does.</summary>
/// <param name="Places">The file; null: none was named.</param>
internal sealed record PlaceSource(Places? Places);
