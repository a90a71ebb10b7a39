using DuckDB.NET.Data;

namespace Vitrine.Reports.Pages;

/// <summary>Counts all experiences' figures from pages.</summary>
internal static class PagedExperienceList
{
    /// <summary>Every experience that was ever reported, ordered by id.</summary>
    public static List<ExperienceListing> Read(DuckDBConnection connection, PagesOfRange pages, CancellationToken stop)
    {
        var experiences = new List<(string Id, string Name)>();
        var ofContext = Contexts(connection, pages.Environment, experiences);
        var cells = new PlacedCells();
        foreach (var page in pages.Stacks.SelectMany(static stack => stack.Pages))
        {
            stop.ThrowIfCancellationRequested();
            for (var cell = 0; cell < page.Cells.Length; cell++)
            {
                cells.Add(ofContext[page.Cells[cell].Key.Context], 0, page, cell);
            }
        }

        var figures = new Figures[experiences.Count];
        Array.Fill(figures, Figures.None);
        cells.Sum(null, (experience, sum) => figures[experience] = sum, stop);
        return [.. experiences.Select((one, index) => new ExperienceListing(one.Id, one.Name, figures[index]))];
    }

    /// <summary>Which experience each context belongs to; the name of an experience is that of its last context.</summary>
    private static Dictionary<int, int> Contexts(DuckDBConnection connection, int environment, List<(string Id, string Name)> experiences)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT context, experience_id, experience FROM contexts WHERE environment = $environment ORDER BY experience_id, context",
            ("environment", environment));
        using var reader = command.ExecuteReader();
        var ofContext = new Dictionary<int, int>();
        while (reader.Read())
        {
            var one = (Id: reader.GetString(1), Name: reader.GetString(2));
            if (experiences.Count > 0 && experiences[^1].Id == one.Id)
            {
                experiences[^1] = one;
            }
            else
            {
                experiences.Add(one);
            }

            ofContext.Add(reader.GetInt32(0), experiences.Count - 1);
        }

        return ofContext;
    }
}
