using System.Text;
using Microsoft.Data.Sqlite;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Workspaces;

public sealed class CatalogDocumentTests : IDisposable
{
    private static readonly AuditNote Note = new("somebody", "change", "a thing", null);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_document_is_written_only_over_the_revision_that_was_seen()
    {
        using var catalog = Open();
        Write(catalog, "a", 0, "one").ShouldBe(1);
        Write(catalog, "a", 0, "two").ShouldBeNull("there is one");
        Write(catalog, "a", 2, "two").ShouldBeNull("it is at 1");
        Write(catalog, "a", 1, "two").ShouldBe(2);
        Write(catalog, "b", 1, "one").ShouldBeNull("there is none");
        Text(catalog, "a").ShouldBe("two");
        catalog.ReadAudit("SHOP", null, long.MaxValue, 10).Count.ShouldBe(2);
    }

    [Fact]
    public void Several_documents_are_written_all_or_nothing()
    {
        using var catalog = Open();
        Write(catalog, "a", 0, "one");
        catalog.TryWrite("SHOP", Note, new DocumentWrite("thing", "b", 0, "new"u8.ToArray()), new DocumentWrite("thing", "a", 7, "two"u8.ToArray())).ShouldBeNull();
        catalog.Find("SHOP", "thing", "b").ShouldBeNull();
        catalog.ReadAudit("SHOP", null, long.MaxValue, 10).Count.ShouldBe(1);
    }

    [Fact]
    public void Documents_are_kept_apart_by_environment_and_kind()
    {
        using var catalog = Open();
        Write(catalog, "a", 0, "one");
        catalog.Find("SHOP_DEBUG", "thing", "a").ShouldBeNull();
        catalog.Find("SHOP", "other", "a").ShouldBeNull();
        catalog.ReadChanged("other", 0).ShouldBeEmpty();
        catalog.ReadAudit("SHOP_DEBUG", null, long.MaxValue, 10).ShouldBeEmpty();
    }

    [Fact]
    public void What_has_changed_is_read_in_the_order_of_the_changes()
    {
        using var catalog = Open();
        Write(catalog, "a", 0, "one");
        Write(catalog, "b", 0, "one");
        var seen = catalog.ReadChanged("thing", 0).Max(static document => document.Change);
        Write(catalog, "a", 1, "two");
        catalog.ReadChanged("thing", seen).ShouldHaveSingleItem().Id.ShouldBe("a");
        catalog.ReadChanged("thing", 0).Select(static document => document.Id).ShouldBe(["b", "a"]);
    }

    [Fact]
    public void A_change_is_told_here_and_to_other_processes()
    {
        using var catalog = Open();
        using var other = Open();
        var (told, toldThere) = (0, 0);
        catalog.DocumentsChanged += () => told++;
        other.DocumentsChanged += () => toldThere++;
        Write(catalog, "a", 0, "one");
        other.Refresh().ShouldBeTrue();
        (told, toldThere).ShouldBe((1, 1));
        Text(other, "a").ShouldBe("one");
    }

    [Fact]
    public void A_catalog_of_the_first_layout_is_opened_and_gets_documents()
    {
        using (var catalog = Open())
        {
            catalog.CreateWorkspace("SHOP", WorkspaceRules.NewKey(), NodaTime.DateTimeZone.Utc);
        }

        using (var connection = new SqliteConnection($"Data Source={_folder["catalog.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE document; DROP TABLE audit; ALTER TABLE workspace DROP COLUMN settings; ALTER TABLE api_key DROP COLUMN requests_per_minute; PRAGMA user_version = 1";
            command.ExecuteNonQuery();
        }

        using var again = Open();
        again.Current.Find("SHOP")!.Workspace.Settings.ShouldBe(new WorkspaceSettings());
        Write(again, "a", 0, "one").ShouldBe(1);
    }

    public void Dispose() => _folder.Dispose();

    private static long? Write(SqliteCatalog catalog, string id, long expected, string body) =>
        catalog.TryWrite("SHOP", Note, new DocumentWrite("thing", id, expected, Encoding.UTF8.GetBytes(body)))?.Single().Revision;

    private static string Text(SqliteCatalog catalog, string id) => Encoding.UTF8.GetString(catalog.Find("SHOP", "thing", id)!.Body);

    private SqliteCatalog Open() => new(_folder["catalog.db"], TimeProvider.System);
}
