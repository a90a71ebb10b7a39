namespace Vitrine.Experiences.Conditions;

/// <summary>An attribute of the user's profile.</summary>
internal sealed class UserSource(AttributeNames names, string name) : AttributeSource(names, name)
{
    public override bool AsksAboutUser => true;

    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value)
    {
        values = circumstances.User;
        if (!circumstances.KnowsUser)
        {
            value = default;
            return Verdict.UnknownUser;
        }

        return Find(values, out value);
    }
}
