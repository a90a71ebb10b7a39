using System.Text.Json.Nodes;
using Bunit;
using Vitrine.Dashboard.Authoring;
using Vitrine.Hosting;

namespace Vitrine.Tests.Dashboard.Authoring;

public sealed class ConditionEditorTests : BunitContext
{
    private readonly Draft _draft = new(JsonNode.Parse("""{"audiences":[{"name":"Everybody"}]}""")!.AsObject());

    [Fact]
    public void A_condition_is_begun_with_a_rule_and_written_field_by_field()
    {
        var editor = Open();
        editor.Markup.ShouldContain("Everybody.");
        Press(editor, "Add a condition");
        Field(editor, "Look at").Change("behaviour");
        Field(editor, "How often the event").Change("Order Placed");
        Field(editor, "Which").Change("gte");
        Field(editor, "Value").Change("3");
        Field(editor, "In days").Change("30");
        Condition().ShouldBe("""{"all":[{"source":"behaviour","name":"Order Placed","op":"gte","value":3,"days":30}]}""");
    }

    [Fact]
    public void Groups_change_between_all_and_any_and_lie_in_each_other()
    {
        var editor = Open();
        Press(editor, "Add a condition");
        Press(editor, "Add a group");
        editor.FindAll("select").First(static one => one.TextContent.Contains("all of these do", StringComparison.Ordinal)).Change("any");
        Draft("""{"any":[{"source":"user","name":"","op":"equals","value":""},{"all":[{"source":"user","name":"","op":"equals","value":""}]}]}""");
    }

    [Fact]
    public void A_rule_is_turned_around_and_back()
    {
        var editor = Open("""{"source":"user","name":"plan","op":"equals","value":"gold"}""");
        Press(editor, "Not");
        Draft("""{"not":{"source":"user","name":"plan","op":"equals","value":"gold"}}""");
        Press(editor, "Remove “not”");
        Draft("""{"source":"user","name":"plan","op":"equals","value":"gold"}""");
    }

    [Fact]
    public void What_takes_several_values_takes_them_with_commas()
    {
        var editor = Open("""{"source":"user","name":"plan","op":"equals","value":"gold"}""");
        Field(editor, "Which").Change("in");
        Field(editor, "Values, separated by commas").Change("gold, silver,, 7");
        Draft("""{"source":"user","name":"plan","op":"in","value":["gold","silver",7]}""");
        Field(editor, "Which").Change("equals");
        Draft("""{"source":"user","name":"plan","op":"equals","value":"gold"}""");
    }

    [Fact]
    public void What_no_longer_belongs_to_a_rule_goes_with_what_was_chosen()
    {
        var editor = Open("""{"source":"behaviour","name":"order","op":"gte","value":3,"days":30,"experience":"0123"}""");
        Field(editor, "Look at").Change("user");
        Field(editor, "Which").Change("exists");
        editor.FindAll("label").ShouldNotContain(static label => label.TextContent.StartsWith("Value", StringComparison.Ordinal));
        Draft("""{"source":"user","name":"order","op":"exists"}""");
        Field(editor, "Which").Change("in");
        Draft("""{"source":"user","name":"order","op":"in","value":""}""");
    }

    [Fact]
    public void The_last_rule_that_is_removed_takes_its_group_with_it()
    {
        var editor = Open("""{"all":[{"source":"user","name":"plan","op":"equals","value":"gold"}]}""");
        editor.FindAll("button").Last(static button => button.TextContent == "Remove").Click();
        _draft.Find("/audiences/0/match").ShouldBeNull();
        editor.Markup.ShouldContain("Everybody.");
    }

    [Fact]
    public void What_is_wrong_stands_beside_its_field()
    {
        var editor = Open("""{"all":[{"source":"user","name":"","op":"equals","value":"gold"}]}""");
        _draft.Judge([new ApiFieldError("/audiences/0/match/all/0/name", "must have 1–200 characters")]);
        editor.Render();
        var field = Field(editor, "Attribute");
        field.GetAttribute("aria-invalid").ShouldBe("true");
        editor.Find("#" + field.GetAttribute("aria-describedby")).TextContent.ShouldBe("This must have 1–200 characters");
    }

    private IRenderedComponent<ConditionEditor> Open(string? condition = null)
    {
        if (condition is not null)
        {
            _draft.Set("/audiences/0/match", JsonNode.Parse(condition));
        }

        var editor = Render<ConditionEditor>(parameters => parameters
            .Add(static one => one.Draft, _draft)
            .Add(static one => one.Path, "/audiences/0/match")
            .Add(static one => one.Legend, "Who belongs to it")
            .Add(static one => one.Nothing, "Everybody.")
            .Add(static one => one.Removed, () => _draft.Set("/audiences/0/match", null)));
        _draft.Changed += () => editor.Render();
        return editor;
    }

    private static void Press(IRenderedComponent<ConditionEditor> editor, string name) => editor.FindAll("button").First(button => button.TextContent == name).Click();

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<ConditionEditor> editor, string label) =>
        editor.Find("#" + editor.FindAll("label").First(one => one.TextContent == label).GetAttribute("for"));

    private string Condition() => _draft.Find("/audiences/0/match")!.ToJsonString();

    private void Draft(string condition) => Condition().ShouldBe(JsonNode.Parse(condition)!.ToJsonString());
}
