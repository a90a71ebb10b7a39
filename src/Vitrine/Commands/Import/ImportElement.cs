using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>One element of a request, and the line or row that it came from.</summary>
/// <param name="Line">Counted from 1, a CSV's header included.</param>
/// <param name="Json">The element.</param>
/// <param name="Events">How many actions it has.</param>
internal sealed record ImportElement(long Line, JsonObject Json, int Events);
