using System.Text;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Vitrine.Cluster;
using Vitrine.Journal.Records;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Lookups;

namespace Vitrine.Tests.Cluster;

public sealed class LookupMessageTests
{
    private static readonly DateTimeZone Zurich = DateTimeZoneProviders.Tzdb["Europe/Zurich"];
    private readonly BehaviourWatches _here = new(new FakeTimeProvider());
    private readonly BehaviourWatches _there = new(new FakeTimeProvider());

    [Fact]
    public void A_question_comes_as_it_was_asked()
    {
        var asked = Question();
        var read = new CustomerQuestion();
        LookupMessage.TryRead(LookupMessage.Write(asked), _there, read).ShouldBeTrue();
        (Text(read.EnvironmentId.Span), Text(read.CustomerId.Written), Text(read.IdentifierName.Span), Text(read.Identifier.Written), Text(read.Otherwise.Written), read.Now, read.WantsProfile)
            .ShouldBe(("SHOP", "", "u_em", "ada@shop.example", "somebody", 1_800_000_000_000, true));
        read.Behaviours.ShouldBe(asked.Behaviours.Select(one => one with { Watch = _there.Find(one.Watch!.Question) }));
        read.Behaviours[2].Watch.ShouldBeNull(); // Nobody watches it there yet.
        read.Count();
        read.Counts.ShouldBe([-1, -1, -1]);
    }

    [Fact]
    public void An_answer_fills_in_what_was_asked()
    {
        var told = Question();
        told.CustomerId.WriteRaw("ada"u8);
        told.Profile.WriteRaw("""{"plan":"gold"}"""u8);
        told.Counts.AddRange([3, 0, -1]);
        var asked = Question();
        LookupMessage.Read(LookupMessage.Write(LookupOutcome.Answered, told), asked).ShouldBe(LookupOutcome.Answered);
        (Text(asked.CustomerId.Written), Text(asked.Profile.Written)).ShouldBe(("ada", """{"plan":"gold"}"""));
        asked.Counts.ShouldBe([3, 0, -1]);
        asked.AwaitsCounts.ShouldBeTrue();
        asked.Counts[2] = 0;
        asked.AwaitsCounts.ShouldBeFalse();
    }

    [Fact]
    public void While_something_is_loaded_nothing_else_is_said()
    {
        var asked = Question();
        LookupMessage.Read(LookupMessage.Write(LookupOutcome.Loading, Question()), asked).ShouldBe(LookupOutcome.Loading);
        (asked.CustomerId.Length, asked.Profile.Length, asked.Counts.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void Messages_of_another_version_are_not_read_and_broken_ones_are_refused()
    {
        var question = LookupMessage.Write(Question());
        question[0] = 2;
        LookupMessage.TryRead(question, _there, new CustomerQuestion()).ShouldBeFalse();
        LookupMessage.Read([2, 0], Question()).ShouldBe(LookupOutcome.Unanswered);
        question[0] = 1;
        Should.Throw<InvalidDataException>(() => LookupMessage.TryRead(question.AsSpan(0, 20), _there, new CustomerQuestion()));
        var answer = LookupMessage.Write(LookupOutcome.Answered, new CustomerQuestion());
        Should.Throw<InvalidDataException>(() => LookupMessage.Read(answer, Question())); // It answers another question.
    }

    private CustomerQuestion Question()
    {
        var question = new CustomerQuestion { EnvironmentId = "SHOP"u8.ToArray(), IdentifierName = "u_em"u8.ToArray(), Now = 1_800_000_000_000, WantsProfile = true };
        question.Identifier.WriteRaw("ada@shop.example"u8);
        question.Otherwise.WriteRaw("somebody"u8);
        var known = new[] { new BehaviourQuestion("SHOP", EventAction.Click, null, Zurich), new BehaviourQuestion("SHOP", null, "Ordered", DateTimeZoneProviders.Tzdb["UTC"]) };
        question.Behaviours.AddRange([new(_here.Watch(known[0]), 7), new(_here.Watch(known[1]), null), new(_here.Watch(known[0] with { Name = "66d55ae445921e4d35ae4368" }), 1)]);
        Array.ForEach(known, one => _there.Watch(one));
        return question;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
