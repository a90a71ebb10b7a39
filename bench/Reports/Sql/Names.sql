-- What the numbers in the events stand for.
INSERT INTO environments VALUES (1, '{workspace}');
INSERT INTO customers SELECT n::INTEGER, 1, 'customer-' || n FROM range(1, {customers} + 1) AS numbers(n);
INSERT INTO click_targets SELECT n::INTEGER, 1, 'button-' || n FROM range(1, 11) AS numbers(n);
INSERT INTO contexts
SELECT n::INTEGER + 1, 1, 'experience' || n // 3, 'experience' || n // 3 || '_AB_' || n % 3, 'Experience ' || n // 3, '0', (n % 3)::VARCHAR, 'All users', '5A', 'Web Personalization'
FROM range({experiences} * 3) AS numbers(n);
UPDATE projection_state SET position = {events} // 100, received_at = ({start} + 2592000)::BIGINT * 1000;
CHECKPOINT
