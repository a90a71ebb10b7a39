namespace Vitrine.Decisions;

/// <summary>Decides a request and writes its answer.</summary>
internal static class FetchAnswer
{
    /// <summary>How many keys of a request are decided; what stands behind them is passed over (the contract).</summary>
    public const int MaximumKeys = 25;

    /// <summary>Writes the answer into <see cref="FetchRequest.Answer"/>. Deliveries are counted.</summary>
    /// <param name="request">What was asked, its profile read.</param>
    /// <param name="decisions">What is decided by.</param>
    /// <param name="failures">Whether to say why experiences are not delivered.</param>
    public static void Write(FetchRequest request, EnvironmentDecisions decisions, bool failures)
    {
        var answer = request.Answer;
        var visitor = new Visitor(request.CustomerId.Written);
        var writing = new Writing(request, visitor, decisions.GlobalControlGroup.Holds(visitor), failures ? [] : null);
        answer.WriteRaw("{\"experiences\":{"u8);
        if (request.NamesKeys)
        {
            for (var index = 0; index < request.Keys; index++)
            {
                if (!writing.IsRepeated(index))
                {
                    writing.Decide(request.KeyAt(index), index < MaximumKeys ? decisions.Find(request.KeyAt(index)) : null, index < MaximumKeys);
                }
            }
        }
        else
        {
            foreach (var experience in decisions.Experiences)
            {
                writing.Decide(default, experience, withinLimit: true);
            }
        }

        answer.WriteByte((byte)'}');
        writing.WriteFailures();
        answer.WriteByte((byte)'}');
    }

    private ref struct Writing(FetchRequest request, Visitor visitor, bool isKeptOut, List<(string Key, string Reason)>? failures)
    {
        private readonly Visitor _visitor = visitor;
        private bool _any;

        /// <summary>Whether a key stood before, so that no member of the answer is written twice.</summary>
        public readonly bool IsRepeated(int index)
        {
            for (var before = 0; before < Math.Min(index, MaximumKeys); before++)
            {
                if (request.KeyAt(before).SequenceEqual(request.KeyAt(index)))
                {
                    return true;
                }
            }

            return false;
        }

        public void Decide(ReadOnlySpan<byte> key, CompiledExperience? experience, bool withinLimit)
        {
            var outcome = experience is not null ? Decide(experience)
                : withinLimit ? DecisionOutcome.InvalidKey : DecisionOutcome.LimitBreached;
            if (outcome != DecisionOutcome.Delivered)
            {
                failures?.Add((experience?.Source.Key ?? System.Text.Encoding.UTF8.GetString(key), outcome.Reason()));
            }
        }

        public readonly void WriteFailures()
        {
            if (failures is not null)
            {
                request.Answer.WriteRaw(",\"failures\":"u8);
                request.Answer.WriteRaw(Json(failures));
            }
        }

        private DecisionOutcome Decide(CompiledExperience experience)
        {
            var now = request.Circumstances.Now;
            var outcome = experience.OutcomeAt(now);
            if (outcome != DecisionOutcome.Delivered)
            {
                return outcome;
            }

            if (isKeptOut)
            {
                return DecisionOutcome.GlobalControlGroup;
            }

            if (experience.Choose(_visitor, request.Circumstances, out outcome, out _) is not { } variation)
            {
                return outcome;
            }

            var start = request.Answer.Length;
            if (_any)
            {
                request.Answer.WriteByte((byte)',');
            }

            if (!variation.TryWrite(request.Answer, request))
            {
                request.Answer.Truncate(start);
                return DecisionOutcome.PersonalizationFailed;
            }

            _any = true;
            variation.Counter?.Count(now);
            return DecisionOutcome.Delivered;
        }

        private static byte[] Json(List<(string Key, string Reason)> failures) => ExperienceCompiler.Json(writer =>
        {
            writer.WriteStartObject();
            foreach (var (key, reason) in failures.DistinctBy(static failure => failure.Key))
            {
                writer.WriteString(key, reason);
            }

            writer.WriteEndObject();
        });
    }
}
