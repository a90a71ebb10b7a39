using System.Runtime.InteropServices;

namespace Vitrine.Conversions;

/// <summary>An event that reached a goal; one that reached two of them is there twice.</summary>
/// <param name="Time">Unix seconds.</param>
/// <param name="Customer">The customer's number.</param>
/// <param name="Goal">The goal's place in <see cref="ExperienceGoals.Goals"/>.</param>
/// <param name="Currency">The place of its currency in <see cref="GoalEvents.Currencies"/>; −1: the goal brings no money.</param>
/// <param name="HasAmount">Whether its amount could be read. One without counts with 0 in the goal's own currency.</param>
/// <param name="Amount">What it brought; 0 without an amount.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GoalEvent(long Time, int Customer, int Goal, int Currency, bool HasAmount, decimal Amount);
