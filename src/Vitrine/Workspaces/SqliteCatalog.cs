namespace Vitrine.Workspaces;

/// <summary>The embedded catalog: one SQLite file, shared by the server and the command line.</summary>
/// <remarks>A change is made in the file at once. Another process's is seen through SQLite's <c>data_version</c>, by <see cref="Refresh"/>.</remarks>
public sealed class SqliteCatalog : Catalog
{
    private readonly CatalogFile _file;
    private readonly TimeProvider _time;

    /// <summary>Opens or creates the catalog.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public SqliteCatalog(string path, TimeProvider time)
        : this(new CatalogFile(path), time)
    {
    }

    private SqliteCatalog(CatalogFile file, TimeProvider time)
        : base(file) => (_file, _time) = (file, time);

    /// <inheritdoc/>
    public override bool Refresh()
    {
        if (!_file.Refresh())
        {
            return false;
        }

        TellChanged();
        return true;
    }

    private protected override IReadOnlyList<CatalogDocument>? Make(CatalogChange change)
    {
        var documents = _file.Make(change, _time.GetUtcNow());
        if (documents is { Count: > 0 })
        {
            TellChanged();
        }

        return documents;
    }
}
