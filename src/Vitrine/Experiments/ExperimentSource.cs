using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Experiments;

/// <summary>Answers questions about experiments.</summary>
internal sealed class ExperimentSource(ReportSource source, ExperienceStore experiences, TimeProvider time)
{
    /// <summary>The result of an experiment.</summary>
    /// <param name="environment">Whose it is.</param>
    /// <param name="experienceId">The part of its cids before the first underscore.</param>
    /// <param name="range">The stretch of exposures.</param>
    /// <param name="parameters">What is asked.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ExperimentRefusedException">The question makes no sense, is about nothing, or asks for too much.</exception>
    public async Task<ExperimentAnswer> ReadAsync(
        WorkspaceEnvironment environment, string experienceId, ReportRange range, ExperimentParameters parameters, CancellationToken stop)
    {
        var known = experiences.Of(environment.Id);
        var given = parameters.ReadWeights(out var wrongWeights);
        ExperimentQuestion? question = null;
        if ((wrongWeights ?? parameters.Read(
            environment.Id, experienceId, range, time.GetUtcNow().ToUnixTimeSeconds(), ExperienceGoals.Find(known, experienceId), out question)) is { } error)
        {
            throw new ExperimentRefusedException(StatusCodes.Status400BadRequest, error);
        }

        var stored = known.Find(experienceId);
        try
        {
            return await source.ReadAsync(
                environment,
                (connection, _, cancelled) => ExperimentResult.Read(
                    connection,
                    question!,
                    stored,
                    variations => given is null ? SharesInForce.Of(experiences, stored, variations, question!.AudienceId) : SharesInForce.Given(variations, given),
                    cancelled),
                stop)
                ?? throw new ExperimentRefusedException(
                    StatusCodes.Status404NotFound, $"No event of an experience '{experienceId}' was ever received. The id is the part of the cid before its first '_'.");
        }
        catch (UnknownValueException fault)
        {
            throw new ExperimentRefusedException(StatusCodes.Status400BadRequest, fault.Message);
        }
        catch (Exception fault) when (fault is TooManyGoalEventsException or TooManyVariationsException)
        {
            throw new ExperimentRefusedException(StatusCodes.Status422UnprocessableEntity, fault.Message);
        }
    }
}

/// <summary>A question about an experiment cannot be answered; the message says why.</summary>
internal sealed class ExperimentRefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that says so.</summary>
    public int Status { get; } = status;
}
