namespace Vitrine.People;

/// <summary>Puts the people into a server.</summary>
public static class PeopleFeature
{
    /// <summary>Adds who may sign in.</summary>
    public static IServiceCollection AddPeople(this IServiceCollection services, OpenIdOptions openId) => services
        .AddSingleton(openId)
        .AddSingleton<OpenIdPeople>()
        .AddSingleton(new Passwords())
        .AddSingleton<PersonStore>()
        .AddSingleton<SignInAttempts>()
        .AddSingleton<FirstPerson>();
}
