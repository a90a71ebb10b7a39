using System.Text;
using Vitrine.Forwarding;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Forwarding;

public sealed class ForwardingFileTests
{
    private const string Secret = "s3cret-that-nobody-sees";

    [Fact]
    public void The_examples_of_the_document_are_read()
    {
        var document = File.ReadAllText(Repository.Path("docs", "forwarding.md"));
        var example = document.Split("```json\n")[1].Split("```")[0];
        var targets = Parse(example, static name => name == "MISSING" ? null : Secret);
        targets.Select(static one => one.Kind).ShouldBe(["moengage", "webhook", "nats", "kafka"]);
        var vendor = targets[0].ShouldBeOfType<MoEngageTarget>();
        vendor.Key.ShouldBe(Secret);
        vendor.Compare.ShouldBeTrue();
        vendor.FromBeginning.ShouldBeFalse();
        targets[1].ShouldBeOfType<WebhookTarget>().Secret.ShouldBe(Secret);
        targets[2].ShouldBeOfType<NatsTarget>().Subject.ShouldBe("vitrine.{environment}.{action}");
        targets[3].ShouldBeOfType<KafkaTarget>().Settings["sasl.password"].ShouldBe(Secret);
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var target = Parse("""{"targets":[{"name":"v","kind":"moengage","environment":"SHOP_DEBUG","url":"https://x.example/v1","key":"12345678"}]}""").ShouldHaveSingleItem().ShouldBeOfType<MoEngageTarget>();
        (target.Workspace, target.DataKey, target.DataUrl, target.Lanes, target.Hold).ShouldBe(("SHOP_DEBUG", "12345678", target.Url, 4, TimeSpan.FromDays(30)));
        target.Compare.ShouldBeFalse();
    }

    [Theory]
    [InlineData("[]", "forward.json must be an object, not an array.")]
    [InlineData("{}", "forward.json: targets is an array of 1–32 objects.")]
    [InlineData("""{"targets":[1]}""", "forward.json: targets[0] must be an object, not a number.")]
    [InlineData("""{"targets":[{}]}""", "forward.json: targets[0].kind is missing, and is needed.")]
    [InlineData("""{"targets":[{"kind":"fax"}]}""", "forward.json: targets[0].kind is moengage, webhook, nats or kafka.")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SHOP","name":"a b"}]}""", "targets[0].name is 1–64 letters, digits, '_' or '-'.")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://u:p@a.example","secret":"0123456789abcdef","environment":"SHOP","name":"a"}]}""", "targets[0].url is an address such as https://example.com, without a user.")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"short","environment":"SHOP","name":"a"}]}""", "targets[0].secret has at least 16 characters.")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SH OP","name":"a"}]}""", "targets[0].environment is the id of a workspace")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SHOP","name":"a","lanes":33}]}""", "targets[0].lanes is a whole number from 1 to 32.")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SHOP","name":"a","from":"then"}]}""", "targets[0].from is now or beginning.")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SHOP","name":"a","hook":1}]}""", "targets[0].hook is no field here; there are environment, from")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"${MISSING}","environment":"SHOP","name":"a"}]}""", "targets[0].secret names the environment variable MISSING, which is not set; set it for the server.")]
    [InlineData("""{"targets":[{"kind":"nats","url":"nats://u:p@a.example","subject":"a","environment":"SHOP","name":"a"}]}""", "targets[0].url is one or more addresses such as nats://127.0.0.1:4222")]
    [InlineData("""{"targets":[{"kind":"nats","url":"nats://a.example","subject":"a.*","environment":"SHOP","name":"a"}]}""", "targets[0].subject is a subject without wildcards or spaces")]
    [InlineData("""{"targets":[{"kind":"nats","url":"nats://a.example","subject":"a","user":"x","environment":"SHOP","name":"a"}]}""", "targets[0].password is given with a user")]
    [InlineData("""{"targets":[{"kind":"kafka","brokers":"a:9092","topic":"a b","environment":"SHOP","name":"a"}]}""", "targets[0].topic is 1–249 letters")]
    [InlineData("""{"targets":[{"kind":"kafka","brokers":"a:9092","topic":"a","settings":{"acks":"0"},"environment":"SHOP","name":"a"}]}""", "targets[0].settings.acks is what Vitrine sets itself")]
    [InlineData("""{"targets":[{"kind":"kafka","brokers":"a:9092","topic":"a","settings":{"no.such":"s3cret-that-nobody-sees"},"environment":"SHOP","name":"a"}]}""", "targets[0].settings.no.such is not what librdkafka takes")]
    [InlineData("""{"targets":[{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SHOP","name":"a"},{"kind":"webhook","url":"https://a.example","secret":"0123456789abcdef","environment":"SHOP","name":"A"}]}""", "two targets have the name 'a'")]
    [InlineData("""{"targets":[{"name":"a",,}]}""", "forward.json: this is no JSON: line 1, byte 25.")]
    public void What_cannot_be_used_is_refused_with_its_place_and_what_would_be_right(string text, string message)
    {
        var said = Should.Throw<InvalidDataException>(() => Parse(text)).Message;
        said.ShouldContain(message);
        said.ShouldNotContain(Secret);
    }

    private static IReadOnlyList<ForwardTarget> Parse(string text, Func<string, string?>? variable = null) =>
        ForwardingFile.Parse("forward.json", Encoding.UTF8.GetBytes(text), variable ?? (static _ => null));
}
