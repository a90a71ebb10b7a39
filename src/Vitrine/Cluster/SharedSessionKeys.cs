using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Vitrine.Workspaces;

namespace Vitrine.Cluster;

/// <summary>The keys by which browsers stay signed in, for all nodes the same: in the catalog.</summary>
internal sealed class SharedSessionKeys(ICatalog catalog) : IXmlRepository
{
    private const string Kind = "session-key";

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. catalog.ReadChanged(Kind, 0).Select(static document => XElement.Parse(Encoding.UTF8.GetString(document.Body)))];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) => catalog.TryWrite(
        CatalogDocument.OfNobody,
        new AuditNote("vitrine", "session_key", friendlyName, null),
        new DocumentWrite(Kind, friendlyName, 0, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))));
}
