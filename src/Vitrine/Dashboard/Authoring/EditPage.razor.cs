using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Vitrine.Experiences;

namespace Vitrine.Dashboard.Authoring;

/// <summary>Writes an experience. After each change it is judged as a whole, by the rules that also judge it when it is stored.</summary>
public sealed partial class EditPage
{
    private static readonly (string Value, string Words)[] Priorities = [.. new[] { "Low", "Medium", "High", "Critical" }.Select(static one => (one, one))];

    private StoredExperience? _stored;
    private StoredExperience? _imagined;
    private Draft? _draft;
    private string? _refusal;

    /// <summary>The part of its cids before the first underscore; null: it is to be made.</summary>
    [Parameter]
    public string? ExperienceId { get; set; }

    private string Title => _draft?.Text("/name") is { Length: > 0 } name ? name : "New experience";

    private string State => _draft!.ErrorCount > 0 ? $"{_draft.ErrorCount} thing{(_draft.ErrorCount == 1 ? "" : "s")} to mend"
        : _draft.IsChanged ? "not saved yet"
        : _stored is null ? ""
        : _stored.Experience.HasUnpublishedChanges ? "saved, not published" : "published";

    private bool CanPublish => _draft is { ErrorCount: 0 } && _imagined is { Experience.HasUnpublishedChanges: true };

    private string PublishWords => _imagined?.Experience.Draft.Audiences is [{ Name: var name }] ? $"Publish to {name} …" : "Publish …";

    private string Tags => string.Join(", ", (_draft!.Find("/tags") as JsonArray ?? []).Select(static tag => tag?.GetValue<string>()));

    /// <inheritdoc/>
    protected override Task LoadAsync(CancellationToken cancellation)
    {
        _stored = ExperienceId is null ? null : Store.Of(Environment!.Id).Find(ExperienceId);
        if (ExperienceId is null || _stored is not null)
        {
            Begin(_stored?.Experience.Draft ?? New());
        }

        return Task.CompletedTask;
    }

    private static JsonValue Percent(string text) =>
        JsonValue.Create(decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? percent : 0);

    private ExperienceDocument New() => new()
    {
        TimeZone = Environment!.Workspace.TimeZone.Id,
        Audiences = [new AudienceDocument { Name = "Everybody", Variations = [new VariationDocument { Name = "Default", Share = 100 }] }],
    };

    private void Begin(ExperienceDocument document)
    {
        _draft = new Draft(JsonSerializer.SerializeToNode(document, ExperiencesJson.Readable.ExperienceDocument)!.AsObject());
        _draft.Changed += Judge;
        Judge();
    }

    private void Judge()
    {
        _refusal = null;
        try
        {
            _imagined = Authoring.Imagine(Environment!, _stored, Element());
            _draft!.Judge([]);
        }
        catch (AuthoringRefusedException refusal)
        {
            _draft!.Judge(refusal.Errors);
            _refusal = refusal.Errors.Count == 0 ? refusal.Message : null;
        }

        StateHasChanged();
    }

    private JsonElement Element() => JsonSerializer.SerializeToElement(_draft!.Document);

    private int Count(string path) => (_draft!.Find(path) as JsonArray)?.Count ?? 0;

    private JsonNode Audience(int place) => _draft!.Find($"/audiences/{place}")!;

    private JsonNode Goal(int place) => _draft!.Find($"/goals/{place}")!;

    private void AddAudience() => _draft!.Add("/audiences", new JsonObject
    {
        ["name"] = $"Audience {Count("/audiences") + 1}",
        ["variations"] = new JsonArray(new JsonObject { ["name"] = "Default", ["share"] = 100, ["payload"] = new JsonObject() }),
    });

    private void AddGoal() => _draft!.Add("/goals", new JsonObject { ["name"] = "", ["event"] = "" });

    private void TakeTags(string? text) => _draft!.Set(
        "/tags", new JsonArray([.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(static tag => (JsonNode)JsonValue.Create(tag))]));

    private async Task SaveAsync()
    {
        var isNew = _stored is null;
        if (await StoreAsync() && isNew)
        {
            Navigation.NavigateTo(Address($"experiences/{_stored!.Experience.Id}/edit"), replace: true);
        }
    }

    private async Task<bool> StoreAsync()
    {
        if (!await TryAsync(async () => _stored = _stored is null
            ? await Workbench.CreateAsync(Environment!, Element())
            : await Workbench.SaveAsync(Environment!, _stored, Element())))
        {
            return false;
        }

        Begin(_stored!.Experience.Draft);
        return true;
    }

    private async Task PublishAsync()
    {
        var before = _stored?.Live?.Document ?? new ExperienceDocument();
        var differences = ExperienceAuthoring.Differences(before, _imagined!.Experience.Draft);
        var parameters = new MudBlazor.DialogParameters<PublishDialog> { { dialog => dialog.Of, differences }, { dialog => dialog.Name, Title } };
        var dialog = await Dialogs.ShowAsync<PublishDialog>($"Publish {Title}", parameters);
        if (await dialog.Result is not { Canceled: false })
        {
            return;
        }

        var isNew = _stored is null;
        if ((_draft!.IsChanged || isNew) && !await StoreAsync())
        {
            return;
        }

        if (await TryAsync(async () => _stored = await Workbench.PublishAsync(Environment!, _stored!)))
        {
            Begin(_stored!.Experience.Draft);
            if (isNew)
            {
                Navigation.NavigateTo(Address($"experiences/{_stored.Experience.Id}/edit"), replace: true);
            }
        }
    }

    /// <summary>Asks before what was written and not saved is left.</summary>
    private async Task AskToLeaveAsync(LocationChangingContext leaving)
    {
        if (_draft is { IsChanged: true } && new Uri(Navigation.ToAbsoluteUri(leaving.TargetLocation).AbsoluteUri).AbsolutePath != new Uri(Navigation.Uri).AbsolutePath
            && await Dialogs.ShowMessageBoxAsync("Leave without saving?", $"What you changed of {Title} is lost.", yesText: "Leave", cancelText: "Stay") != true)
        {
            leaving.PreventNavigation();
        }
    }

    /// <summary>Does something that may be refused, and says why it was.</summary>
    private async Task<bool> TryAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (AuthoringRefusedException refusal)
        {
            _draft!.Judge(refusal.Errors);
            _refusal = refusal.Message;
        }
        catch (NotAllowedException refusal)
        {
            _refusal = refusal.Message;
        }

        return false;
    }
}
