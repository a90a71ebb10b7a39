using System.Text.Json.Nodes;
using Vitrine.Dashboard.Authoring;
using Vitrine.Hosting;

namespace Vitrine.Tests.Dashboard.Authoring;

public sealed class DraftTests
{
    private readonly Draft _draft = new(JsonNode.Parse("""{"name":"Banner","audiences":[{"name":"A"},{"name":"B"}],"payload":{"a/b":1,"c~d":2}}""")!.AsObject());

    [Fact]
    public void Parts_are_found_changed_and_taken_away_by_JSON_pointers()
    {
        _draft.Text("/audiences/1/name").ShouldBe("B");
        _draft.Text("/payload/" + Draft.Step("a/b")).ShouldBe("1");
        _draft.Text("/payload/" + Draft.Step("c~d")).ShouldBe("2");
        _draft.Text("/audiences/7/name").ShouldBe("");
        _draft.Set("/audiences/0/name", JsonValue.Create("C"));
        _draft.Set("/name", null);
        _draft.MoveUp("/audiences", 1);
        _draft.Add("/goals", new JsonObject { ["name"] = "Ordered" });
        _draft.Remove("/audiences", 1);
        _draft.Document.ToJsonString().ShouldBe("""{"audiences":[{"name":"B"}],"payload":{"a/b":1,"c~d":2},"goals":[{"name":"Ordered"}]}""");
    }

    [Fact]
    public void It_knows_whether_it_was_changed_and_says_when_it_is()
    {
        var changes = 0;
        _draft.Changed += () => changes++;
        _draft.IsChanged.ShouldBeFalse();
        _draft.Set("/name", JsonValue.Create("Other"));
        (_draft.IsChanged, changes).ShouldBe((true, 1));
    }

    [Fact]
    public void What_is_wrong_is_known_by_its_place()
    {
        _draft.Judge([new ApiFieldError("/name", "is too short"), new ApiFieldError("/audiences/0/name", "is taken")]);
        _draft.ErrorCount.ShouldBe(2);
        _draft.ErrorsOf("/name").ShouldBe(["is too short"]);
        _draft.ErrorsOf("/audiences").ShouldBeEmpty();
        _draft.ErrorsBelow("/audiences").ShouldBe([("/audiences/0/name", "is taken")]);
    }
}
