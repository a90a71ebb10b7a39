using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>GET /api/v1/reports/experiences</c> and <c>…/{experienceId}</c>.</summary>
internal static class ExperienceEndpoints
{
    private static readonly string[] StartColumn = ["start"];

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/reports/experiences", ListAsync)
            .WithName("listExperienceReports")
            .WithTags("Reports")
            .WithSummary("Every experience with its figures")
            .WithDescription("Every experience that was ever reported or delivered. Deliveries are counted by the hour, and an hour counts to the range in which it begins. Accept: text/csv gives a table.")
            .Produces<ExperienceListAnswer>(StatusCodes.Status200OK, "application/json", "text/csv")
            .WithRange()
            .WithRawFrom();
        api.MapGet("/reports/experiences/{experienceId}", ReportAsync)
            .WithName("getExperienceReport")
            .WithTags("Reports")
            .WithSummary("One experience, broken down")
            .WithDescription("Each group and bucket holds its own figures; uniques are distinct customers within it and never sums. Buckets in which nothing happened are left out. Deliveries are counted by the hour: one counts to the range and to the bucket in which it begins, where the edge of a range or the offset of the zone is not on a whole hour. They have no platform, locale or click target; broken down by one of these, delivered is null in groups and buckets. Accept: text/csv gives a table.")
            .Produces<ExperienceReportAnswer>(StatusCodes.Status200OK, "application/json", "text/csv")
            .WithRange()
            .WithRawFrom()
            .WithParameter("experienceId", "The part of the cid before its first underscore.")
            .WithListParameter("by", "What the figures are broken down by. Without it: one group.", ReportDimension.All.Select(static dimension => dimension.Name))
            .WithScale()
            .WithParameter("attribution", "What a goal event counts for: the last impression (view_through, the default) or the last click (click_through) before it within the experience's attribution window, or the last click within half an hour (in_session).", AttributionModels.Names)
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ReportSource source, string? from, string? to, string? tz)
    {
        var environment = context.Environment();
        var (range, error) = ReportRange.Parse(from, to, tz, environment.Workspace.TimeZone);
        var format = AnswerFormats.Of(context.Request);
        if (Refusal(error, format) is { } refusal)
        {
            return refusal;
        }

        var (asOf, rawFrom, experiences) = await source.ReadAsync(
            environment, (connection, pages, _) => ExperienceList.Read(connection, environment.Id, range!, pages), context.RequestAborted);
        AsOfHeaders.Set(context.Response, asOf);
        AsOfHeaders.SetRawFrom(context.Response, rawFrom, range!);
        return format == AnswerFormat.Csv
            ? CsvTable.Result(
                ["id", "name", .. CsvTable.FigureColumns],
                experiences.Select(static one => (IEnumerable<string?>)[one.Id, one.Name, .. CsvTable.Fields(one.Figures)]))
            : Results.Json(
                new ExperienceListAnswer(
                    range!.From,
                    range.To,
                    range.Zone.Id,
                    asOf,
                    [.. experiences.Select(static one => new ExperienceLine(one.Id, one.Name, one.Figures))]) { RawFrom = AsOfHeaders.RawFromText(rawFrom, range) },
                ReportsJson.Readable.ExperienceListAnswer);
    }

    private static async Task<IResult> ReportAsync(
        HttpContext context,
        ReportSource source,
        ExperienceStore experiences,
        string experienceId,
        string? from,
        string? to,
        string? tz,
        string? by,
        string? scale,
        string? attribution)
    {
        var environment = context.Environment();
        experienceId = IdFromPath.Of(context, experienceId);
        var (range, error) = ReportRange.Parse(from, to, tz, environment.Workspace.TimeZone);
        var (dimensions, unknownDimension) = ReportDimension.Parse(by);
        var width = ParseScale(scale, out var unknownScale);
        var (model, unknownModel) = AttributionModels.Parse(attribution);
        var format = AnswerFormats.Of(context.Request);
        if (Refusal(error ?? unknownDimension ?? unknownScale ?? unknownModel, format) is { } refusal)
        {
            return refusal;
        }

        var question = new ExperienceQuestion(environment.Id, experienceId, range!, dimensions!, width)
        {
            Goals = ExperienceGoals.Find(experiences.Of(environment.Id), experienceId),
            Attribution = model,
        };
        ExperienceAnswer? answer;
        try
        {
            answer = await source.ReadAsync(
                environment, (connection, pages, stop) => ExperienceReport.Read(connection, question, pages, stop), context.RequestAborted);
        }
        catch (Exception fault) when (fault is ReportTooLargeException or TooManyGoalEventsException)
        {
            return Problem.Result(StatusCodes.Status422UnprocessableEntity, fault.Message);
        }

        if (answer is null)
        {
            return Problem.Result(
                StatusCodes.Status404NotFound,
                experiences.Of(environment.Id).ByKey.TryGetValue(experienceId, out var named)
                    ? $"'{experienceId}' is the key of an experience. Reports ask by its id: {named.Experience.Id}."
                    : $"An experience '{experienceId}' was never delivered, and no event of it was ever received. The id is the part of the cid before its first '_'.");
        }

        AsOfHeaders.Set(context.Response, answer.AsOf);
        AsOfHeaders.SetRawFrom(context.Response, answer.RawFrom, question.Range);
        return format == AnswerFormat.Csv
            ? Csv(question, answer)
            : Results.Json(ExperienceReportAnswer.Of(question, answer), ReportsJson.Readable.ExperienceReportAnswer);
    }

    /// <summary>Reads a scale; null without one.</summary>
    internal static ReportScale? ParseScale(string? scale, out string? error)
    {
        error = null;
        if (string.IsNullOrEmpty(scale))
        {
            return null;
        }

        foreach (var known in Enum.GetValues<ReportScale>())
        {
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(known.ToString()) == scale)
            {
                return known;
            }
        }

        error = $"scale: '{scale}' is none of {string.Join(", ", ReportDescription.Scales)}.";
        return null;
    }

    /// <summary>The refusal of bad parameters or of a format that reports are not written in; null when all is well.</summary>
    internal static IResult? Refusal(string? error, AnswerFormat format) =>
        error is not null ? Problem.Result(StatusCodes.Status400BadRequest, error)
        : format == AnswerFormat.Other
            ? Problem.Result(StatusCodes.Status406NotAcceptable, "Reports are written as application/json or text/csv; the Accept header takes neither.")
        : null;

    private static IResult Csv(ExperienceQuestion question, ExperienceAnswer answer)
    {
        var goals = new GoalColumns(answer.Groups.SelectMany(static group => group.Buckets.Select(static bucket => bucket.Figures).Append(group.Total)));
        var rows = new List<IEnumerable<string?>>();
        foreach (var group in answer.Groups)
        {
            if (question.Scale is null)
            {
                rows.Add([.. group.Values, .. CsvTable.Fields(group.Total), .. goals.Fields(group.Total)]);
            }

            rows.AddRange(group.Buckets.Select(bucket =>
                (IEnumerable<string?>)[.. group.Values, bucket.Start, .. CsvTable.Fields(bucket.Figures), .. goals.Fields(bucket.Figures)]));
        }

        return CsvTable.Result(
            [.. question.By.Select(static dimension => dimension.Name), .. StartColumn.Take(question.Scale is null ? 0 : 1), .. CsvTable.FigureColumns, .. goals.Names],
            rows);
    }
}

/// <summary>The answer of the list of experiences.</summary>
public sealed record ExperienceListAnswer(
    [property: JsonPropertyName("from")] string? From,
    [property: JsonPropertyName("to")] string? To,
    [property: JsonPropertyName("tz")] string TimeZone,
    [property: JsonPropertyName("as_of")] AsOf AsOf,
    [property: JsonPropertyName("experiences")] IReadOnlyList<ExperienceLine> Experiences)
{
    /// <summary>Where the range reaches back to a time of which only hourly figures are kept: from when on single events are.</summary>
    [JsonPropertyName("raw_from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RawFrom { get; init; }
}

/// <summary>One experience of the list: its id and name beside its figures.</summary>
public sealed record ExperienceLine : Figures
{
    /// <summary>Creates a line.</summary>
    public ExperienceLine(string id, string name, Figures figures)
        : base(figures) => (Id, Name) = (id, name);

    /// <summary>The part of its cids before the first underscore.</summary>
    [JsonPropertyName("id"), JsonPropertyOrder(-2)]
    public string Id { get; }

    /// <summary>The name it was last reported under, or delivered where it never was reported.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(-1)]
    public string Name { get; }
}

/// <summary>An experience by id and name.</summary>
public sealed record ExperienceName([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("name")] string Name);

/// <summary>The answer of one experience's report.</summary>
public sealed record ExperienceReportAnswer(
    [property: JsonPropertyName("experience")] ExperienceName Experience,
    [property: JsonPropertyName("from")] string? From,
    [property: JsonPropertyName("to")] string? To,
    [property: JsonPropertyName("tz")] string TimeZone,
    [property: JsonPropertyName("scale"), OneOf("hour", "day", "week", "month")] string? Scale,
    [property: JsonPropertyName("by")] IReadOnlyList<string> By,
    [property: JsonPropertyName("attribution"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AttributionAnswer? Attribution,
    [property: JsonPropertyName("as_of")] AsOf AsOf,
    [property: JsonPropertyName("total")] Figures Total,
    [property: JsonPropertyName("groups"), ItemsLike(typeof(ReportGroupDescription))] IReadOnlyList<IReadOnlyDictionary<string, object?>> Groups)
{
    /// <summary>Where the range reaches back to a time of which only hourly figures are kept: from when on single events are.</summary>
    [JsonPropertyName("raw_from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RawFrom { get; init; }

    /// <summary>Shapes a report as an answer: in each group the dimensions stand beside <c>total</c> and <c>buckets</c>.</summary>
    internal static ExperienceReportAnswer Of(ExperienceQuestion question, ExperienceAnswer answer) => new(
        new ExperienceName(question.ExperienceId, answer.Name),
        question.Range.From,
        question.Range.To,
        question.Range.Zone.Id,
        question.Scale is { } scale ? JsonNamingPolicy.SnakeCaseLower.ConvertName(scale.ToString()) : null,
        [.. question.By.Select(static dimension => dimension.Name)],
        question.Goals is { } goals ? new AttributionAnswer(question.Attribution.Name(), goals.WindowHours) : null,
        answer.AsOf,
        answer.Total,
        [.. answer.Groups.Select(group => Group(question, group))]) { RawFrom = AsOfHeaders.RawFromText(answer.RawFrom, question.Range) };

    private static Dictionary<string, object?> Group(ExperienceQuestion question, ReportGroup group)
    {
        var shaped = new Dictionary<string, object?>();
        for (var index = 0; index < question.By.Count; index++)
        {
            shaped.Add(question.By[index].Name, group.Values[index]);
        }

        shaped.Add("total", group.Total);
        if (question.Scale is not null)
        {
            shaped.Add("buckets", group.Buckets.Select(static bucket => new BucketAnswer(bucket)).ToArray());
        }

        return shaped;
    }
}

/// <summary>What goal events of a report count for. Left out where no goals of the experience are known.</summary>
/// <param name="Model">Impressions or clicks, and for how long.</param>
/// <param name="WindowHours">The experience's attribution window, which the in-session model does not use.</param>
public sealed record AttributionAnswer(
    [property: JsonPropertyName("model"), OneOf("view_through", "click_through", "in_session")] string Model,
    [property: JsonPropertyName("window_hours")] int WindowHours);

/// <summary>A bucket: its start beside its figures.</summary>
public sealed record BucketAnswer : Figures
{
    /// <summary>Creates a bucket.</summary>
    public BucketAnswer(ReportBucket bucket)
        : base(bucket.Figures) => Start = bucket.Start;

    /// <summary>Its beginning in the report's zone, with the offset.</summary>
    [JsonPropertyName("start"), JsonPropertyOrder(-1)]
    public string Start { get; }
}
